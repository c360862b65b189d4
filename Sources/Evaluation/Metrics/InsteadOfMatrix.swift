extension ConfusionMatrix {
    /// The name of the last row and column, and wherever labels are listed and none is there: one that no label has.
    public static func nothing(beside labels: [String]) -> String {
        var name = "nothing"
        while labels.contains(name) { name = "(\(name))" }
        return name
    }

    /// What was predicted instead. Row: what was true; column: what was said; the last of each is *nothing*.
    ///
    /// A true label that was predicted counts 1 on the diagonal. Each missed label of an image is shared equally among
    /// the labels wrongly predicted there, or goes to column *nothing* where none was. Wrong labels on an image that
    /// misses none go to row *nothing*, 1 each. So a label's row sums to its support, row *nothing* to the wrong labels
    /// that stood in for none, and column *nothing* to the missed labels that nothing replaced.
    public static func measure(labels: [String], targets: [[Int]], predicted: [[Int]]) -> ConfusionMatrix {
        var counts = InsteadOfCounts(labels.count)
        for (target, said) in zip(targets, predicted) {
            let (target, said) = (Set(target), Set(said))
            counts.add(missed: target.subtracting(said).sorted(), wrong: said.subtracting(target).sorted())
            for label in target.intersection(said) { counts.add(right: label) }
        }
        return counts.matrix(labels)
    }
}

/// The matrix in the making.
struct InsteadOfCounts {
    private let width: Int
    /// (C + 1) x (C + 1), row-major.
    private var cells: [Double]

    init(_ width: Int) {
        self.width = width
        cells = Array(repeating: 0, count: (width + 1) * (width + 1))
    }

    private mutating func add(_ row: Int, _ column: Int, _ share: Double) { cells[row * (width + 1) + column] += share }

    mutating func add(right label: Int) { add(label, label, 1) }

    /// One image's missed labels and wrong ones, each ascending.
    mutating func add(missed: [Int], wrong: [Int]) {
        for label in missed {
            if wrong.isEmpty { add(label, width, 1) }
            for other in wrong { add(label, other, 1 / Double(wrong.count)) }
        }
        if missed.isEmpty { for other in wrong { add(width, other, 1) } }
    }

    /// One image's C truths and decisions.
    mutating func add(_ targets: UnsafeBufferPointer<Bool>, _ said: UnsafeBufferPointer<Bool>, _ counts: Counts) {
        if counts.tp > 0 { for label in targets.indices where targets[label] && said[label] { add(right: label) } }
        guard counts.fn + counts.fp > 0 else { return }
        add(
            missed: targets.indices.filter { targets[$0] && !said[$0] },
            wrong: targets.indices.filter { !targets[$0] && said[$0] })
    }

    mutating func add(_ other: InsteadOfCounts) { for cell in cells.indices { cells[cell] += other.cells[cell] } }

    func matrix(_ labels: [String]) -> ConfusionMatrix {
        let rows = (0...width).map { row in Array(cells[row * (width + 1)..<(row + 1) * (width + 1)]) }
        return ConfusionMatrix(labels: labels + [ConfusionMatrix.nothing(beside: labels)], matrix: rows)
    }
}
