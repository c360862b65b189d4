extension ConfusionMatrix {
    public static let file = "instead_of.csv"

    /// The rows and columns of the `count` labels that take most part in confusions (what stands off the diagonal in their row
    /// and column), in the matrix's order, with *nothing* last. Its rows no longer sum to the labels' support.
    public func mostConfused(_ count: Int) -> ConfusionMatrix {
        let width = labels.count - 1
        let part = (0..<width).map { (label: Int) -> Double in
            var sum = 0.0
            for other in 0...width where other != label { sum += matrix[label][other] + matrix[other][label] }
            return sum
        }
        let kept = (0..<width).sorted { (-part[$0], $0) < (-part[$1], $1) }.prefix(count).sorted() + [width]
        return ConfusionMatrix(
            labels: kept.map { labels[$0] }, matrix: kept.map { row in kept.map { matrix[row][$0] } })
    }

    /// `true` and a column for each label; a row for each label.
    public var csv: String {
        zip(labels, matrix).reduce(into: CSV.line(["true"] + labels)) { text, row in
            text += CSV.line([row.0] + row.1.map { $0 == $0.rounded() ? "\(Int($0))" : "\($0)" })
        }
    }
}
