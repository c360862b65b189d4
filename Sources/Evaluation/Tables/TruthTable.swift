import Foundation

/// Which labels each of N images carries, a bit each: the counterpart of `ScoreTable`.
public struct TruthTable: Sendable, Equatable {
    public let names: NameList
    public let labels: [String]
    public let targets: LabelBits
    /// Whether each target is known in full; nil when all are.
    let known: [Bool]?

    init(names: NameList, labels: [String], targets: LabelBits, known: [Bool]? = nil) {
        self.names = names
        self.labels = labels
        self.targets = targets
        self.known = known
    }

    public init(_ truth: Truth) {
        var targets = LabelBits(count: truth.names.count, width: truth.labels.count)
        for (row, target) in truth.targets.enumerated() { for label in target ?? [] { targets[label, row] = true } }
        self.init(
            names: NameList(truth.names), labels: truth.labels, targets: targets,
            known: truth.targets.contains { $0 == nil } ? truth.targets.map { $0 != nil } : nil)
    }

    /// Some of the images, in that order.
    public func gathered(_ rows: [Int]) -> TruthTable {
        TruthTable(
            names: NameList(rows.lazy.map { names[$0] }), labels: labels, targets: targets.gathered(rows),
            known: known.map { known in rows.map { known[$0] } })
    }
}
