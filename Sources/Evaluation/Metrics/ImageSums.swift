import Foundation

/// One image's scores for all labels against its truth, and what follows of them.
///
/// The ranking figures are scikit-learn's and torchmetrics', ties counted against the model: `coverage_error` (how far down
/// the ranking the last true label stands; 0 for an image without labels), `label_ranking_average_precision_score` (the mean
/// over true labels of the share of true ones among those ranked as high; 1 where there is nothing to rank) and
/// `label_ranking_loss` (the share of pairs of a true and a false label in the wrong order; 0 where there is none). See
/// Tsoumakas, Katakis & Vlahavas (2010), section 7.
struct ImageFigures {
    var counts = Counts()
    var positives = 0
    /// Mean over labels.
    var loss = 0.0
    /// The first of the labels that cost most.
    var costliest = -1
    var coverage = 0.0
    var rankingPrecision = 1.0
    var rankingLoss = 0.0

    /// Whether some labels are true and some are not, so that their order can be right or wrong.
    var isRanked: Bool { positives > 0 && positives < counts.tp + counts.fp + counts.fn + counts.tn }

    /// - Parameters:
    ///   - scores: C of them.
    ///   - targets: C of them.
    ///   - term: the loss of one label, for its index and truth.
    @inline(__always)
    init(
        _ scores: UnsafeBufferPointer<Double>, _ targets: UnsafeBufferPointer<Bool>, thresholds: [Double],
        term: (_ label: Int, _ target: Bool) -> Double
    ) {
        var sum = 0.0
        var worst = -1.0
        for label in scores.indices {
            let cost = term(label, targets[label])
            sum += cost
            if cost > worst { (worst, costliest) = (cost, label) }
            counts.add(target: targets[label], predicted: scores[label] > thresholds[label])
        }
        loss = sum / Double(max(scores.count, 1))
        positives = counts.tp + counts.fn
        rank(scores, targets)
    }

    @inline(__always)
    private mutating func rank(_ scores: UnsafeBufferPointer<Double>, _ targets: UnsafeBufferPointer<Bool>) {
        var (deepest, wrong) = (0, 0)
        var precisions = 0.0
        for label in scores.indices where targets[label] {
            var (asHigh, trueOnes) = (0, 0)
            for other in scores.indices where scores[other] >= scores[label] {
                asHigh += 1
                trueOnes += targets[other] ? 1 : 0
            }
            deepest = max(deepest, asHigh)
            wrong += asHigh - trueOnes
            precisions += Double(trueOnes) / Double(asHigh)
        }
        coverage = Double(deepest)
        guard isRanked else { return }
        rankingPrecision = precisions / Double(positives)
        rankingLoss = Double(wrong) / Double(positives * (scores.count - positives))
    }
}

/// Sums over images of what single images have.
struct ImageSums {
    private var count = 0
    private var (loss, coverage, rankingPrecision, rankingLoss) = (0.0, 0.0, 0.0, 0.0)
    private var (exact, labelled, ranked) = (0, 0, 0)
    private var samples = AveragedSums()
    private(set) var noPrediction = 0

    mutating func add(_ image: ImageFigures) {
        count += 1
        loss += image.loss
        coverage += image.coverage
        rankingPrecision += image.rankingPrecision
        rankingLoss += image.rankingLoss
        exact += image.counts.fp + image.counts.fn == 0 ? 1 : 0
        labelled += image.positives > 0 ? 1 : 0
        ranked += image.isRanked ? 1 : 0
        noPrediction += image.counts.tp + image.counts.fp == 0 ? 1 : 0
        samples.add(image.counts.figures)
    }

    mutating func add(_ other: ImageSums) {
        count += other.count
        loss += other.loss
        coverage += other.coverage
        rankingPrecision += other.rankingPrecision
        rankingLoss += other.rankingLoss
        exact += other.exact
        labelled += other.labelled
        ranked += other.ranked
        noPrediction += other.noPrediction
        samples.add(other.samples)
    }

    private func mean(_ sum: Double, ifAny images: Int) -> Double? { images > 0 ? sum / Double(count) : nil }

    var meanLoss: Double? { mean(loss, ifAny: count) }
    var exactMatch: Double? { Counts.ratio(exact, count) }
    var samplesFigures: AveragedFigures { samples.mean }
    var coverageError: Double? { mean(coverage, ifAny: labelled) }
    var labelRankingAveragePrecision: Double? { mean(rankingPrecision, ifAny: ranked) }
    var meanRankingLoss: Double? { mean(rankingLoss, ifAny: ranked) }
}
