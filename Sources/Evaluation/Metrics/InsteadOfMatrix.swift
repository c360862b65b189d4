extension ConfusionMatrix {
    /// The name of the last row and column.
    public static let nothing = "nothing"

    /// What was predicted instead. Row: what was true; column: what was said; the last of each is *nothing*.
    ///
    /// A true label that was predicted counts 1 on the diagonal. Each missed label of an image is shared equally among
    /// the labels wrongly predicted there, or goes to column *nothing* where none was. Wrong labels on an image that
    /// misses none go to row *nothing*, 1 each. So a label's row sums to its support, row *nothing* to the wrong labels
    /// that stood in for none, and column *nothing* to the missed labels that nothing replaced.
    public static func measure(labels: [String], targets: [[Int]], predicted: [[Int]]) -> ConfusionMatrix {
        let nothing = labels.count
        var matrix = [[Double]](repeating: [Double](repeating: 0, count: nothing + 1), count: nothing + 1)
        for (target, said) in zip(targets, predicted) {
            let (target, said) = (Set(target), Set(said))
            let missed = target.subtracting(said)
            let wrong = said.subtracting(target)
            for label in target.intersection(said) { matrix[label][label] += 1 }
            for label in missed {
                if wrong.isEmpty { matrix[label][nothing] += 1 }
                for other in wrong { matrix[label][other] += 1 / Double(wrong.count) }
            }
            if missed.isEmpty { for other in wrong { matrix[nothing][other] += 1 } }
        }
        return ConfusionMatrix(labels: labels + [Self.nothing], matrix: matrix)
    }
}
