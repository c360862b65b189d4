extension Scores {
    /// The scores in the order of `names` and `labels`, matched by name.
    /// - Parameter place: what both were read from, for messages.
    /// - Throws: `InputError` listing what is missing or extra on either side; nothing is dropped silently.
    public func aligned(names wanted: [String], labels wantedLabels: [String], at place: String? = nil) throws -> Scores
    {
        let columns = try Self.match(labels, wantedLabels, "label", place)
        let rows = try Self.match(names, wanted, "image", place)
        var aligned: [Double] = []
        aligned.reserveCapacity(values.count)
        for row in rows { for column in columns { aligned.append(values[row * labels.count + column]) } }
        return try Scores(names: wanted, labels: wantedLabels, values: aligned)
    }

    /// Where each of `want` stands in `have`, which must hold the same, in any order.
    static func match(_ have: [String], _ want: [String], _ kind: String, _ place: String?) throws -> [Int] {
        try requireUnique(want, kind)
        let index = Dictionary(have.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        var (missing, extra) = (NameSample(), NameSample())
        for name in want where index[name] == nil { missing.add(name) }
        for name in Set(have).subtracting(want).sorted() { extra.add(name) }
        if let got = NameSample.difference(missing, extra, showing: kind == "label" ? 20 : 5) {
            throw InputError(
                "predictions and truth name different \(kind)s", at: place, expected: "the same \(want.count) \(kind)s",
                got: got)
        }
        return want.compactMap { index[$0] }
    }
}
