/// Scores and truth by label: what every analysis of one label at a time reads.
public struct LabelColumns: Sendable {
    /// C labels.
    public let labels: [String]
    /// N images.
    public let count: Int
    /// Probabilities, `[C][N]`.
    public let scores: [[Double]]
    /// `[C][N]`.
    public let targets: [[Bool]]

    /// - Parameters: `scores` and `targets` are `[C][N]`, one column a label, all of one length.
    public init(labels: [String], scores: [[Double]], targets: [[Bool]]) {
        precondition(scores.count == labels.count && targets.count == labels.count, "one column a label")
        count = scores.first?.count ?? 0
        precondition(scores.allSatisfy { $0.count == scores[0].count }, "columns of one length")
        precondition(targets.allSatisfy { $0.count == scores[0].count }, "columns of one length")
        (self.labels, self.scores, self.targets) = (labels, scores, targets)
    }

    /// The images of a record whose labels are fully known, by name: what is drawn by a seed hangs on the names, and not on
    /// the order of a file.
    public init(_ record: EvaluationRecord) {
        let images = record.images
        let rows = images.names.byName(images.indices.filter(images.isKnown))
        // Columns that are whole, in order and wide enough are shared.
        let known =
            rows == Array(images.indices)
            ? images.columns : images.columns.gathered(rows: rows, labels: Array(record.labels.indices))
        let scores =
            switch known {
            case .double(let columns): columns
            case .float(let columns): columns.map { $0.map(Double.init) }
            }
        let targets = record.labels.indices.map { label in rows.map { images.targets[label, $0] } }
        self.init(labels: record.labels, scores: scores, targets: targets)
    }

    /// The images for which `isKept` is true.
    func filtered(_ isKept: [Bool]) -> LabelColumns {
        func part<Value>(_ column: [Value]) -> [Value] { zip(column, isKept).compactMap { $1 ? $0 : nil } }
        return LabelColumns(labels: labels, scores: scores.map(part), targets: targets.map(part))
    }

    /// The stratum of each image, for draws that keep the labels' shares: its label with the fewest positives, of equals the
    /// first by name, or C where it carries none. Labels count by name, so that the order of columns changes nothing.
    ///
    /// So the rarest label of all keeps its positives exactly, and the others nearly.
    package func strata() -> [Int] {
        let support = targets.map { $0.count { $0 } }
        let names = labels.map { Array($0.unicodeScalars) }
        let byName = labels.indices.sorted { names[$0].lexicographicallyPrecedes(names[$1]) }
        var rank = [Int](repeating: 0, count: labels.count)
        for (place, label) in byName.enumerated() { rank[label] = place }
        let order = labels.indices.sorted { (support[$0], rank[$0]) < (support[$1], rank[$1]) }
        var strata = [Int](repeating: labels.count, count: count)
        for label in order.reversed() {
            for row in 0..<count where targets[label][row] { strata[row] = rank[label] }
        }
        return strata
    }
}

/// The images' numbers by score, the highest first; equal scores by number.
package func descendingOrder(_ scores: [Double]) -> [Int32] {
    var pairs = scores.enumerated().map { (score: $1, index: Int32($0)) }
    pairs.sort { $0.score != $1.score ? $0.score > $1.score : $0.index < $1.index }
    return pairs.map(\.index)
}
