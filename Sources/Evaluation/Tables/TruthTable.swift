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

    /// The table's truth in terms of `labels`.
    /// - Throws: `InputError` naming every label that `labels` lacks.
    public init(_ table: LabelTable, labels: [String]) throws {
        let index = Dictionary(labels.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        let places = table.rows.labels.map { index[$0] ?? -1 }
        let unknown = table.vocabulary.filter { index[$0] == nil }
        guard unknown.isEmpty else {
            let row = table.rows.first { !Set($0.labels).isDisjoint(with: unknown) }
            throw InputError(
                "\(unknown.count == 1 ? "an unknown label" : "\(unknown.count) unknown labels"), first of '\(row?.name ?? "")'",
                at: table.source, expected: "one of \(NameSample(labels).text(showing: 20))",
                got: NameSample(unknown).text(showing: 20))
        }
        var targets = LabelBits(count: table.rows.count, width: labels.count)
        for row in table.rows.indices {
            for number in table.rows.numbers(row) {
                let place = places[Int(number)]
                if place >= 0 { targets[place, row] = true }
            }
        }
        self.init(names: table.rows.names, labels: labels, targets: targets)
    }

    /// Whether the target of an image is known in full.
    func isKnown(_ row: Int) -> Bool { known?[row] ?? true }

    /// Some of the images, in that order.
    public func gathered(_ rows: [Int]) -> TruthTable {
        TruthTable(
            names: NameList(rows.lazy.map { names[$0] }), labels: labels, targets: targets.gathered(rows),
            known: known.map { known in rows.map { known[$0] } })
    }
}
