/// Why there is no figure: one line that says what, where, expected and got.
struct BenchmarkError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
