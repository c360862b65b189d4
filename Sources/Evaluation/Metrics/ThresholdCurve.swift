/// How decisions change with the threshold: exact at every point, one sort a label and no pass over images a point.
public enum ThresholdCurve {
    /// `torch.linspace(0.05, 0.95, 29)`, the notebook's.
    public static let notebookPoints: [Double] = (0..<29).map { 0.05 + 0.9 * Double($0) / 28 }

    /// accuracy_multi and macro F1 when every label's threshold is each of `points`.
    /// - Parameters: scores and targets by label, each `[C][N]`.
    public static func measure(_ scores: [[Double]], _ targets: [[Bool]], at points: [Double]) -> [ThresholdPoint] {
        guard let count = scores.first?.count, count > 0 else { return [] }
        let labels = zip(scores, targets).map { SortedLabel($0, $1) }
        return points.map { threshold in
            let counts = labels.map { $0.counts(above: threshold) }
            let right = counts.reduce(0) { $0 + $1.tp + $1.tn }
            let macro = AveragedFigures.mean(counts.map { ($0.figures, 1) })
            return ThresholdPoint(
                threshold: threshold, accuracyMulti: Double(right) / Double(count * labels.count), macroF1: macro.f1)
        }
    }

    /// The threshold with the largest F1, optimistic since measured on these very images: the middle between the
    /// neighbouring scores, and the middle of the widest run of thresholds where several tie. Nil without positives.
    public static func best(_ scores: [Double], _ targets: [Bool]) -> Double? {
        guard targets.contains(true) else { return nil }
        let label = SortedLabel(scores, targets)
        let edges = Array(Set([0] + scores.filter { $0 < 1 })).sorted()
        var best: (f1: Double, low: Double, high: Double) = (-1, 0, 0)
        for (index, low) in edges.enumerated() {
            // Any threshold in low..<high makes the same decisions.
            let high = index + 1 < edges.count ? edges[index + 1] : 1
            let f1 = label.counts(above: low).f1 ?? 0
            if f1 > best.f1 || (f1 == best.f1 && high - low > best.high - best.low) { best = (f1, low, high) }
        }
        return (best.low + best.high) / 2
    }
}

/// One label's scores in ascending order with the positives counted from the top.
private struct SortedLabel {
    let scores: [Double]
    /// positives[i]: positives among the scores from i on.
    let positives: [Int]

    init(_ scores: [Double], _ targets: [Bool]) {
        let order = scores.indices.sorted { scores[$0] < scores[$1] }
        self.scores = order.map { scores[$0] }
        var positives = [Int](repeating: 0, count: order.count + 1)
        for i in order.indices.reversed() { positives[i] = positives[i + 1] + (targets[order[i]] ? 1 : 0) }
        self.positives = positives
    }

    func counts(above threshold: Double) -> Counts {
        var (low, high) = (0, scores.count)
        while low < high {
            let middle = (low + high) / 2
            if scores[middle] > threshold { high = middle } else { low = middle + 1 }
        }
        var counts = Counts()
        counts.tp = positives[low]
        counts.fp = scores.count - low - counts.tp
        counts.fn = positives[0] - counts.tp
        counts.tn = low - counts.fn
        return counts
    }
}
