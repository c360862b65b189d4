/// The figures of some images, each counted any number of times: what a bootstrap asks a thousand times.
package struct WeightedFigures: Sendable {
    /// The figures of all labels, by `metrics.json`'s names joined, in the order of `Sample.overall`.
    package static let names =
        ["accuracy_multi", "hamming_loss", "matthews", "balanced_accuracy", "mean_average_precision", "macro_roc_auc"]
        + ["micro", "macro", "weighted"].flatMap { average in averaged.map { "\(average)_\($0.name)" } }
        + WeightedImages.names
    private static let averaged: [(name: String, value: @Sendable (AveragedFigures) -> Double?)] = [
        ("precision", { $0.precision }), ("recall", { $0.recall }), ("f1", { $0.f1 }), ("f2", { $0.f2 }),
        ("f_half", { $0.fHalf }), ("jaccard", { $0.jaccard }),
    ]
    /// The figures of one label, in the order of `Sample.perLabel`.
    package static let labelNames = [
        "precision", "recall", "f1", "f2", "f_half", "jaccard", "matthews", "balanced_accuracy", "average_precision",
        "roc_auc",
    ]

    package struct Sample: Sendable {
        package var overall: [Double?]
        /// `[C][10]`.
        package var perLabel: [[Double?]]
    }

    private let count: Int
    private let decisions: [DecisionRows]
    private let ranked: [WeightedRanking]
    private let images: WeightedImages

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
        images = WeightedImages(columns, thresholds: thresholds)
    }

    /// - Parameter weights: N, how often each image counts; their sum must be below 2^27.
    package func sample(_ weights: [UInt16]) -> Sample { samples(0..<1) { _ in weights }[0] }

    /// At most `LaneSums.lanes` samples, each the same as alone.
    /// - Parameter draw: the weights of each of `numbers`, as for `sample`.
    package func samples(_ numbers: Range<Int>, draw: (Int) -> [UInt16]) -> [Sample] {
        let sums = LaneSums(numbers, count: count, draw: draw)
        let all = sums.sum()
        let counts = sums.counts(decisions, of: all)
        let own = images.figures(sums, of: all)
        let rankings = ranked.map { $0.figures(sums) }
        return (0..<numbers.count).map { lane in
            sample(images: Int(all[lane]), counts[lane], own[lane], rankings: rankings.map { $0[lane] })
        }
    }

    /// - Parameter own: `WeightedImages.names`.
    private func sample(
        images: Int, _ counts: [Counts], _ own: [Double?], rankings: [(averagePrecision: Double?, rocAUC: Double?)]
    ) -> Sample {
        func average(_ values: [Double?]) -> Double? {
            let defined = values.compactMap { $0 }
            return defined.isEmpty ? nil : defined.reduce(0, +) / Double(defined.count)
        }
        let total = counts.reduce(Counts(), +)
        let decisions = images * counts.count
        let averages = [
            total.figures, .mean(counts.map { ($0.figures, 1) }),
            .mean(counts.map { ($0.figures, Double($0.tp + $0.fn)) }),
        ]
        let overall =
            [
                Counts.ratio(total.tp + total.tn, decisions), Counts.ratio(total.fp + total.fn, decisions),
                total.matthews, average(counts.map(\.balancedAccuracy)), average(rankings.map(\.averagePrecision)),
                average(rankings.map(\.rocAUC)),
            ] + averages.flatMap { average in Self.averaged.map { $0.value(average) } } + own
        let perLabel = zip(counts, rankings).map { counts, ranking in
            [
                counts.precision, counts.recall, counts.f1, counts.f2, counts.fHalf, counts.jaccard, counts.matthews,
                counts.balancedAccuracy, ranking.averagePrecision, ranking.rocAUC,
            ]
        }
        return Sample(overall: overall, perLabel: perLabel)
    }
}
