/// Scores and truth by label: what every analysis of one label at a time reads.
///
/// Scores stay in the width they came in and truth a bit each, so that a million images cost no second copy: a column is
/// made when it is asked for.
public struct LabelColumns: Sendable {
    /// C labels.
    public let labels: [String]
    /// N images.
    public let count: Int
    private let columns: ScoreColumns
    private let bits: LabelBits
    /// Which images of the two; nil for all in their order.
    private let rows: [Int32]?

    /// - Parameters: `scores` and `targets` are `[C][N]`, one column a label, all of one length.
    public init(labels: [String], scores: [[Double]], targets: [[Bool]]) {
        precondition(scores.count == labels.count && targets.count == labels.count, "one column a label")
        let count = scores.first?.count ?? 0
        precondition(scores.allSatisfy { $0.count == count }, "columns of one length")
        precondition(targets.allSatisfy { $0.count == count }, "columns of one length")
        var bits = LabelBits(count: count, width: labels.count)
        for (label, column) in targets.enumerated() {
            for (row, target) in column.enumerated() where target { bits[label, row] = true }
        }
        self.init(labels, .double(scores), bits, rows: nil, count: count)
    }

    /// The images of a record whose labels are fully known, by name: what is drawn by a seed hangs on the names, and not on
    /// the order of a file.
    public init(_ record: EvaluationRecord) {
        let images = record.images
        let rows = images.names.byName(images.indices.filter(images.isKnown))
        self.init(
            record.labels, images.columns, images.targets,
            rows: rows.elementsEqual(images.indices) ? nil : rows.map(Int32.init), count: rows.count)
    }

    private init(_ labels: [String], _ columns: ScoreColumns, _ bits: LabelBits, rows: [Int32]?, count: Int) {
        (self.labels, self.columns, self.bits) = (labels, columns, bits)
        (self.rows, self.count) = (rows, count)
    }

    /// Probabilities, `[C][N]`.
    public var scores: ScoreView { ScoreView(source: self) }
    /// `[C][N]`.
    public var targets: TargetView { TargetView(source: self) }

    /// The labels' scores, each column made anew whenever it is asked for.
    public struct ScoreView: RandomAccessCollection, Sendable {
        fileprivate let source: LabelColumns
        public var startIndex: Int { 0 }
        public var endIndex: Int { source.labels.count }
        public subscript(label: Int) -> [Double] {
            switch source.columns {
            case .double(let columns): source.rows.map { $0.map { columns[label][Int($0)] } } ?? columns[label]
            case .float(let columns):
                source.rows.map { $0.map { Double(columns[label][Int($0)]) } } ?? columns[label].map(Double.init)
            }
        }
    }

    /// The labels' truth, each column made anew whenever it is asked for.
    public struct TargetView: RandomAccessCollection, Sendable {
        fileprivate let source: LabelColumns
        public var startIndex: Int { 0 }
        public var endIndex: Int { source.labels.count }
        public subscript(label: Int) -> [Bool] {
            let bits = source.bits
            return source.rows.map { $0.map { bits[label, Int($0)] } }
                ?? (0..<source.count).map { bits[label, $0] }
        }
    }

    /// Calls `each` for every image with its place, from several threads, as `ImagePass.run` does.
    func forEachImage(thresholds: [Double], _ each: ImageCells.Each) {
        let rows = rows.map { Rows($0.map(Int.init)) } ?? Rows(count: count, known: nil)
        switch columns {
        case .float(let columns):
            _ = ImagePass(columns: columns, truth: bits, thresholds: thresholds)
                .run(rows, threads: Parallel.threads, each: each)
        case .double(let columns):
            _ = ImagePass(columns: columns, truth: bits, thresholds: thresholds)
                .run(rows, threads: Parallel.threads, each: each)
        }
    }

    /// The images for which `isKept` is true.
    func filtered(_ isKept: [Bool]) -> LabelColumns {
        let kept = isKept.indices.filter { isKept[$0] }.map { row in rows.map { $0[row] } ?? Int32(row) }
        return LabelColumns(labels, columns, bits, rows: kept, count: kept.count)
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
            for (row, isCarried) in targets[label].enumerated() where isCarried { strata[row] = rank[label] }
        }
        return strata
    }
}
