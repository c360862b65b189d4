/// What each image carries, as label indices of one vocab; nil where it is only partly known.
public struct Truth: Sendable, Equatable {
    public let names: [String]
    public let labels: [String]
    /// Ascending label indices of each image.
    public let targets: [[Int]?]

    public init(names: [String], labels: [String], targets: [[Int]?]) throws {
        guard names.count == targets.count else {
            throw InputError(
                "truth does not fit its names", expected: "\(names.count) targets", got: "\(targets.count)")
        }
        for target in targets {
            guard (target ?? []).allSatisfy(labels.indices.contains) else {
                throw InputError(
                    "a target lies outside the labels", expected: "0..<\(labels.count)", got: "\(target ?? [])")
            }
        }
        self.names = names
        self.labels = labels
        self.targets = targets
    }

    /// The table's truth in terms of `labels`.
    /// - Throws: `InputError` naming a label that `labels` lacks.
    public init(_ table: LabelTable, labels: [String]) throws {
        let known = try TruthTable(table, labels: labels)
        try self.init(names: Array(known.names), labels: labels, targets: known.names.indices.map { known.targets[$0] })
    }
}
