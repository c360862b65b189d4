/// Figures of two evaluations on images drawn with replacement, both judged on the same draw (Efron & Tibshirani, 1993).
struct PairedBootstrap: Sendable {
    /// accuracy_multi, exact match, macro F1 and loss of both; nil where undefined.
    typealias Figures = [(a: Double?, b: Double?)]

    static let figures = ["accuracy_multi", "exact_match", "macro_f1", "loss"]

    let imageCount: Int
    private let a: Side
    private let b: Side
    private let losses: [[Double]]

    /// One evaluation's images, by what it decided.
    private struct Side: Sendable {
        /// By label; those rightly not predicted are the rest.
        var decisions: [DecisionRows]
        /// Images exactly right.
        var exact: [Int32]

        init(_ targets: LabelBits, _ predicted: LabelBits) {
            decisions = (0..<targets.width).map { DecisionRows(targets, predicted, $0) }
            let wrong = targets.differences(predicted)
            exact = (0..<targets.count).filter { !wrong[0, $0] }.map(Int32.init)
        }
    }

    init(_ images: PairedImages) {
        imageCount = images.count
        (a, b) = (Side(images.targets, images.a), Side(images.targets, images.b))
        losses = [images.lossA, images.lossB]
    }

    /// Of all images once.
    func whole() -> Figures {
        figures(LaneSums(0..<1, count: imageCount) { _ in [UInt16](repeating: 1, count: imageCount) }, 1)[0]
    }

    /// Of each of `resamples` draws, which hang on seed and names alone.
    func draws(_ resamples: Int, seed: UInt64) -> [Figures] {
        let resampling = Resampling(count: imageCount, seed: seed)
        return LaneSums.samples(resamples) { samples in
            figures(LaneSums(samples, count: imageCount, draw: resampling.weights), samples.count)
        }
    }

    private func figures(_ sums: LaneSums, _ count: Int) -> [Figures] {
        let (first, second) = (figures(a, sums), figures(b, sums))
        let means = losses.map { $0.withUnsafeBufferPointer(sums.mean) }
        // A mean without some of the images is no loss of all of them.
        let isDefined = losses.map { !$0.contains { !$0.isFinite } }
        return (0..<count).map { lane in
            zip(first[lane], second[lane]).map { (a: $0, b: $1) }
                + [(a: isDefined[0] ? means[0][lane] : nil, b: isDefined[1] ? means[1][lane] : nil)]
        }
    }

    /// accuracy_multi, exact match and macro F1 in each lane.
    private func figures(_ side: Side, _ sums: LaneSums) -> [[Double?]] {
        let images = sums.sum()
        let exact = sums.sum(side.exact)
        return zip(images.indices, sums.counts(side.decisions, of: images)).map { lane, labels in
            let all = Int(images[lane])
            let right = labels.reduce(0) { $0 + $1.tp + $1.tn }
            return [
                Counts.ratio(right, all * labels.count), Counts.ratio(Int(exact[lane]), all),
                AveragedFigures.mean(labels.map { ($0.figures, 1) }).f1,
            ]
        }
    }
}
