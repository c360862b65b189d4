/// The headline figures of some images, each counted any number of times: what a bootstrap asks a thousand times.
package struct WeightedFigures: Sendable {
    /// The figures of all labels, in the order of `Sample.overall`.
    package static let names = [
        "accuracy_multi", "exact_match", "no_prediction_rate", "loss", "micro_precision", "micro_recall", "micro_f1",
        "macro_precision", "macro_recall", "macro_f1", "weighted_precision", "weighted_recall", "weighted_f1",
        "samples_precision", "samples_recall", "samples_f1", "mean_average_precision", "macro_roc_auc",
    ]
    /// The figures of one label, in the order of `Sample.perLabel`.
    package static let labelNames = ["precision", "recall", "f1", "average_precision", "roc_auc"]

    package struct Sample: Sendable {
        package var overall: [Double?]
        /// `[C][5]`.
        package var perLabel: [[Double?]]
    }

    private let count: Int
    private let decisions: [DecisionRows]
    private let ranked: [WeightedRanking]
    private let exact: [Int32]
    private let silent: [Int32]
    private let losses: [Double]
    /// Each image's precision, recall and F1 over its labels; NaN where undefined.
    private let samples: [[Double]]

    package init(_ columns: LabelColumns, thresholds: [Double]) {
        count = columns.count
        let parts = Parallel.map(columns.labels.count, threads: Parallel.threads) {
            label -> (DecisionRows, WeightedRanking) in
            var decisions = DecisionRows()
            let (scores, targets) = (columns.scores[label], columns.targets[label])
            for row in scores.indices {
                decisions.add(row, target: targets[row], isPredicted: scores[row] > thresholds[label])
            }
            return (decisions, WeightedRanking(scores, targets))
        }
        decisions = parts.map(\.0)
        ranked = parts.map(\.1)
        var images = [Counts](repeating: Counts(), count: count)
        for label in decisions {
            for row in label.tp { images[Int(row)].tp += 1 }
            for row in label.fp { images[Int(row)].fp += 1 }
            for row in label.fn { images[Int(row)].fn += 1 }
        }
        exact = images.indices.filter { images[$0].fp + images[$0].fn == 0 }.map(Int32.init)
        silent = images.indices.filter { images[$0].tp + images[$0].fp == 0 }.map(Int32.init)
        samples = [\Counts.precision, \.recall, \.f1].map { figure in images.map { $0[keyPath: figure] ?? .nan } }
        var losses = [Double](repeating: 0, count: count)
        let (labels, threads) = (columns.labels.count, Parallel.threads)
        for first in stride(from: 0, to: labels, by: threads) {
            let parts = Parallel.map(min(threads, labels - first), threads: threads) { offset in
                zip(columns.scores[first + offset], columns.targets[first + offset]).map(CrossEntropy.term)
            }
            for terms in parts { for row in 0..<count { losses[row] += terms[row] } }
        }
        self.losses = losses.map { $0 / Double(max(1, columns.labels.count)) }
    }

    /// - Parameter weights: N, how often each image counts; their sum must be below 2^27.
    package func sample(_ weights: [UInt16]) -> Sample { samples(0..<1) { _ in weights }[0] }

    /// At most `LaneSums.lanes` samples, each the same as alone.
    /// - Parameter draw: the weights of each of `numbers`, as for `sample`.
    package func samples(_ numbers: Range<Int>, draw: (Int) -> [UInt16]) -> [Sample] {
        let sums = LaneSums(numbers, count: count, draw: draw)
        let images = sums.sum()
        let counts = sums.counts(decisions, of: images)
        let (exactly, silently) = (sums.sum(exact), sums.sum(silent))
        let means = sums.means([losses] + samples)
        let rankings = ranked.map { $0.figures(sums) }
        return (0..<numbers.count).map { lane in
            sample(
                images: Int(images[lane]),
                counts: counts[lane], exact: Int(exactly[lane]), silent: Int(silently[lane]),
                means: means.map { $0[lane] },
                rankings: rankings.map { $0[lane] })
        }
    }

    /// - Parameter means: of the loss, and of each image's precision, recall and F1.
    private func sample(
        images: Int, counts: [Counts], exact: Int, silent: Int, means: [Double?],
        rankings: [(averagePrecision: Double?, rocAUC: Double?)]
    ) -> Sample {
        func average(_ values: [Double?]) -> Double? {
            let defined = values.compactMap { $0 }
            return defined.isEmpty ? nil : defined.reduce(0, +) / Double(defined.count)
        }
        let micro = counts.reduce(Counts(), +)
        let macro = AveragedFigures.mean(counts.map { ($0.figures, 1) })
        let weighted = AveragedFigures.mean(counts.map { ($0.figures, Double($0.tp + $0.fn)) })
        let overall: [Double?] =
            [
                Counts.ratio(micro.tp + micro.tn, images * counts.count), Counts.ratio(exact, images),
                Counts.ratio(silent, images), means[0], micro.precision, micro.recall, micro.f1,
                macro.precision, macro.recall, macro.f1, weighted.precision, weighted.recall, weighted.f1,
            ] + means.dropFirst() + [average(rankings.map(\.averagePrecision)), average(rankings.map(\.rocAUC))]
        let perLabel = zip(counts, rankings).map { counts, ranking in
            [counts.precision, counts.recall, counts.f1, ranking.averagePrecision, ranking.rocAUC]
        }
        return Sample(overall: overall, perLabel: perLabel)
    }
}
