/// Names of which each may come once.
enum UniqueNames {
    /// - Parameter place: where a name stands, by its index.
    /// - Throws: `InputError` at the place of the first name that has come before.
    static func check(_ names: some Sequence<String>, _ kind: String, at place: (Int) -> String?) throws {
        var seen = Set<String>()
        for (index, name) in names.enumerated() where !seen.insert(name).inserted {
            throw InputError("\(kind) appears twice", at: place(index), expected: "each \(kind) once", got: "'\(name)'")
        }
    }
}
