/// The headline figures of some images, each counted any number of times: what a bootstrap asks a thousand times.
package struct WeightedFigures: Sendable {
    /// One label's images by the kind of decision; those rightly not predicted are the rest.
    private struct Decisions: Sendable {
        var tp: [Int32] = []
        var fp: [Int32] = []
        var fn: [Int32] = []
    }

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
    private let decisions: [Decisions]
    private let ranked: [WeightedRanking]
    private let exact: [Int32]
    private let silent: [Int32]
    private let losses: [Double]
    /// Each image's precision, recall and F1 over its labels; NaN where undefined.
    private let samples: [[Double]]

    package init(_ columns: LabelColumns, thresholds: [Double]) {
        count = columns.count
        let parts = Parallel.map(columns.labels.count, threads: Parallel.threads) {
            label -> (Decisions, WeightedRanking) in
            var decisions = Decisions()
            let (scores, targets) = (columns.scores[label], columns.targets[label])
            for row in scores.indices {
                switch (targets[row], scores[row] > thresholds[label]) {
                case (true, true): decisions.tp.append(Int32(row))
                case (false, true): decisions.fp.append(Int32(row))
                case (true, false): decisions.fn.append(Int32(row))
                case (false, false): break
                }
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
        losses = (0..<columns.count).map { row in
            columns.labels.indices.reduce(0) {
                $0 + CrossEntropy.term(columns.scores[$1][row], columns.targets[$1][row])
            } / Double(max(1, columns.labels.count))
        }
    }

    /// - Parameter weights: N, how often each image counts; their sum must be below 2^31.
    package func sample(_ weights: [UInt16]) -> Sample {
        weights.withUnsafeBufferPointer { buffer in
            guard let weights = buffer.baseAddress else { return Sample(overall: [], perLabel: []) }
            return sample(weights)
        }
    }

    private func sample(_ weights: UnsafePointer<UInt16>) -> Sample {
        func sum(_ rows: [Int32]) -> Int {
            var total: UInt32 = 0
            for row in rows { total &+= UInt32(weights[Int(row)]) }
            return Int(total)
        }
        /// Over the images where the value is defined.
        func mean(_ values: [Double]) -> Double? {
            var (total, whole) = (0.0, 0)
            for row in 0..<count where weights[row] > 0 && !values[row].isNaN {
                total += values[row] * Double(weights[row])
                whole += Int(weights[row])
            }
            return whole > 0 ? total / Double(whole) : nil
        }
        let images = (0..<count).reduce(0) { $0 + Int(weights[$1]) }
        let counts = decisions.map { label -> Counts in
            var counts = Counts()
            (counts.tp, counts.fp, counts.fn) = (sum(label.tp), sum(label.fp), sum(label.fn))
            counts.tn = images - counts.tp - counts.fp - counts.fn
            return counts
        }
        let rankings = ranked.map { $0.figures(weights) }
        func average(_ values: [Double?]) -> Double? {
            let defined = values.compactMap { $0 }
            return defined.isEmpty ? nil : defined.reduce(0, +) / Double(defined.count)
        }
        let micro = counts.reduce(Counts(), +)
        let macro = AveragedFigures.mean(counts.map { ($0.figures, 1) })
        let weighted = AveragedFigures.mean(counts.map { ($0.figures, Double($0.tp + $0.fn)) })
        let overall: [Double?] =
            [
                Counts.ratio(micro.tp + micro.tn, images * counts.count), Counts.ratio(sum(exact), images),
                Counts.ratio(sum(silent), images), mean(losses), micro.precision, micro.recall, micro.f1,
                macro.precision, macro.recall, macro.f1, weighted.precision, weighted.recall, weighted.f1,
            ] + samples.map(mean) + [average(rankings.map(\.averagePrecision)), average(rankings.map(\.rocAUC))]
        let perLabel = zip(counts, rankings).map { counts, ranking in
            [counts.precision, counts.recall, counts.f1, ranking.averagePrecision, ranking.rocAUC]
        }
        return Sample(overall: overall, perLabel: perLabel)
    }
}
