/// Logits `[N, C]`, a type of its own so that they are never mistaken for probabilities.
public struct Logits: Sendable, Equatable {
    public let names: [String]
    public let labels: [String]
    /// Row-major, N x C, finite.
    public let values: [Double]

    public init(names: [String], labels: [String], values: [Double]) {
        self.names = names
        self.labels = labels
        self.values = values
    }

    /// The logistic function of each value, in double precision.
    /// - Throws: `InputError` naming row and column of a value that is not finite, and as `Scores.init`.
    public func scores() throws -> Scores {
        if let index = values.firstIndex(where: { !$0.isFinite }), !labels.isEmpty, index / labels.count < names.count {
            throw InputError(
                "logit is not finite",
                at:
                    "row \(index / labels.count + 1) (\(names[index / labels.count])), column \(labels[index % labels.count])",
                expected: "a finite number", got: "\(values[index])")
        }
        return try Scores(names: names, labels: labels, values: values.map(logistic))
    }
}
