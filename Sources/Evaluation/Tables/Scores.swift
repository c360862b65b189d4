/// Probabilities `[N, C]` in 0...1, row-major, with the image name of each row and the label of each column.
public struct Scores: Sendable, Equatable {
    /// Image names, N of them.
    public let names: [String]
    /// Labels in column order, C of them.
    public let labels: [String]
    /// Row-major probabilities, N x C.
    public let values: [Double]

    /// - Throws: `InputError` if the counts disagree, a name or label repeats, or a value is not in 0...1.
    public init(names: [String], labels: [String], values: [Double]) throws {
        guard values.count == names.count * labels.count else {
            throw InputError(
                "scores do not fit their names and labels", expected: "\(names.count) x \(labels.count) values",
                got: "\(values.count)")
        }
        try Self.requireUnique(names, "image name")
        try Self.requireUnique(labels, "label")
        if let index = values.firstIndex(where: { !($0 >= 0 && $0 <= 1) }) {
            let row = index / labels.count
            throw InputError(
                "score out of range", at: "row \(row + 1) (\(names[row])), column \(labels[index % labels.count])",
                expected: "a probability from 0 to 1", got: "\(values[index])")
        }
        self.names = names
        self.labels = labels
        self.values = values
    }

    /// The C probabilities of image `row`.
    public subscript(row: Int) -> ArraySlice<Double> {
        values[row * labels.count..<(row + 1) * labels.count]
    }

    static func requireUnique(_ values: [String], _ kind: String) throws {
        try UniqueNames.check(values, kind) { _ in nil }
    }
}
