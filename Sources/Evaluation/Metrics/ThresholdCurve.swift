/// How decisions change with the threshold: exact at every point, one sort a label and no pass over images a point.
public enum ThresholdCurve {
    /// `torch.linspace(0.05, 0.95, 29)`, the notebook's.
    public static let notebookPoints: [Double] = (0..<29).map { 0.05 + 0.9 * Double($0) / 28 }

    /// accuracy_multi and macro F1 when every label's threshold is each of `points`.
    /// - Parameters: scores and targets by label, each `[C][N]`.
    public static func measure(_ scores: [[Double]], _ targets: [[Bool]], at points: [Double]) -> [ThresholdPoint] {
        measure(zip(scores, targets).map { RankedLabel($0, $1).figures(at: points) }, points)
    }

    /// - Parameter labels: figures whose first counts are at `points`.
    static func measure(_ labels: [RankedFigures], _ points: [Double]) -> [ThresholdPoint] {
        guard let count = labels.first?.count, count > 0 else { return [] }
        return points.indices.map { point in
            let counts = labels.map { $0.counts[point] }
            let right = counts.reduce(0) { $0 + $1.tp + $1.tn }
            return ThresholdPoint(
                threshold: points[point], accuracyMulti: Double(right) / Double(count * labels.count),
                macroF1: AveragedFigures.mean(counts.map { ($0.figures, 1) }).f1)
        }
    }
}
