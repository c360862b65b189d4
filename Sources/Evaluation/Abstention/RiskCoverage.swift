/// What is gained by answering only where the model is sure: the risk-coverage curve of selective prediction (El-Yaniv &
/// Wiener, 2010; Geifman & El-Yaniv, 2017) for images of several labels.
///
/// An image's confidence is its least margin: over its labels, how far the probability lies from the threshold, as a share of
/// the way from the threshold to the end on its side, 0...1. So one label in doubt puts the image in doubt. At coverage c the
/// share c of images with the highest confidence is answered and the rest is left to a person.
public struct RiskCoverage: Codable, Sendable, Equatable {
    public static let file = "risk_coverage.csv"

    /// The images answered when those below a confidence are left to a person.
    public struct Point: Codable, Sendable, Equatable {
        /// The lowest confidence that is answered.
        public var confidence: Double
        public var count: Int
        /// Share of the images that are answered.
        public var coverage: Double
        /// Risk: share of wrong decisions over the answered images' labels.
        public var hammingLoss: Double
        /// Risk: share of the answered images with any wrong decision, and Clopper and Pearson's 95 % interval.
        public var exactMatchError: Double
        public var intervalLow: Double
        public var intervalHigh: Double
    }

    /// Areas under the curve of one risk, 0...1; less is better.
    public struct Area: Codable, Sendable, Equatable {
        /// Mean risk over the coverages 1/N, 2/N, … 1 (AURC); images of one confidence stand in the mean of all their orders.
        public var value: Double
        /// The same with the images in the order of their own risk, which no confidence beats.
        public var best: Double
        /// The same with the images in a random order: the risk of all.
        public var random: Double
    }

    public var count: Int
    /// Wherever the confidence changes, thinned to at most 1,000, from the surest to all.
    public var points: [Point]
    public var hammingArea: Area
    public var exactMatchArea: Area

    /// The point that answers the least share of images that is at least `coverage`; nil beyond the last.
    public func point(coverage: Double) -> Point? { points.first { $0.coverage >= coverage - 1e-12 } }

    /// - Parameter thresholds: one a label.
    /// - Returns: nil without images. N log N.
    public static func measure(_ columns: LabelColumns, thresholds: [Double], limit: Int = 1000) -> RiskCoverage? {
        precondition(thresholds.count == columns.labels.count && limit > 1, "a threshold a label, and points to keep")
        guard columns.count > 0, !columns.labels.isEmpty else { return nil }
        let (confidence, wrong) = judge(columns, thresholds)
        let order = ScoreOrder.descending(confidence).map(Int.init)
        let width = Double(columns.labels.count)
        var all: [(confidence: Double, count: Int, wrong: Int, wrongImages: Int)] = []
        var (wrongSoFar, imagesSoFar) = (0, 0)
        var (hamming, exact) = (AreaSum(), AreaSum())
        var at = 0
        while at < order.count {
            let begin = at
            let score = confidence[order[at]]
            var (ties, tiedImages) = (0, 0)
            while at < order.count, confidence[order[at]] == score {
                ties += wrong[order[at]]
                tiedImages += wrong[order[at]] > 0 ? 1 : 0
                at += 1
            }
            hamming.add(before: Double(wrongSoFar) / width, tied: Double(ties) / width, begin..<at)
            exact.add(before: Double(imagesSoFar), tied: Double(tiedImages), begin..<at)
            (wrongSoFar, imagesSoFar) = (wrongSoFar + ties, imagesSoFar + tiedImages)
            all.append((score, at, wrongSoFar, imagesSoFar))
        }
        let kept = thinned(all.map(\.count), limit).map { all[$0] }
        let costs = wrong.map { Double($0) / width }
        return RiskCoverage(
            count: columns.count,
            points: kept.map { point in
                let share = Double(point.count)
                let interval = Interval.clopperPearson(hits: point.wrongImages, count: point.count, confidence: 0.95)
                return Point(
                    confidence: point.confidence, count: point.count, coverage: share / Double(columns.count),
                    hammingLoss: Double(point.wrong) / share / width,
                    exactMatchError: Double(point.wrongImages) / share, intervalLow: interval.lowerBound,
                    intervalHigh: interval.upperBound)
            }, hammingArea: hamming.area(costs), exactMatchArea: exact.area(wrong.map { $0 > 0 ? 1 : 0 }))
    }

    /// Each image's confidence and how many of its decisions are wrong.
    private static func judge(_ columns: LabelColumns, _ thresholds: [Double]) -> (confidence: [Double], wrong: [Int]) {
        var confidence = [Double](repeating: 1, count: columns.count)
        var wrong = [Int](repeating: 0, count: columns.count)
        for (label, threshold) in thresholds.enumerated() {
            let targets = columns.targets[label]
            for (row, score) in columns.scores[label].enumerated() {
                let isSaid = score > threshold
                let way = isSaid ? 1 - threshold : threshold
                // At a threshold of 0 a probability of 0 stands on it.
                let margin = way > 0 ? abs(score - threshold) / way : 0
                confidence[row] = min(confidence[row], margin)
                if isSaid != targets[row] { wrong[row] += 1 }
            }
        }
        return (confidence, wrong)
    }

    /// Indices of points at about equal steps of coverage, with the first and the last.
    private static func thinned(_ counts: [Int], _ limit: Int) -> [Int] {
        guard counts.count > limit, let total = counts.last else { return Array(counts.indices) }
        var kept = [0]
        for index in counts.indices.dropFirst() {
            let steps = kept.count
            if index == counts.count - 1 || counts[index] * limit >= total * steps, kept.count < limit - 1 {
                kept.append(index)
            }
        }
        if kept.last != counts.count - 1 { kept.append(counts.count - 1) }
        return kept
    }

    /// The mean of risks over all coverages in the making.
    private struct AreaSum {
        private var sum = 0.0

        /// Tied images, each of which costs their mean on average, whatever their order.
        mutating func add(before: Double, tied: Double, _ places: Range<Int>) {
            let each = tied / Double(places.count)
            for place in places {
                sum += (before + each * Double(place - places.lowerBound + 1)) / Double(place + 1)
            }
        }

        func area(_ costs: [Double]) -> Area {
            let count = Double(costs.count)
            var (best, total) = (0.0, 0.0)
            for (place, cost) in costs.sorted().enumerated() {
                total += cost
                best += total / Double(place + 1)
            }
            return Area(value: sum / count, best: best / count, random: total / count)
        }
    }

    /// `confidence,count,coverage,hamming_loss,exact_match_error,interval_low,interval_high`.
    public var csv: String {
        points.reduce(
            into: CSV.line([
                "confidence", "count", "coverage", "hamming_loss", "exact_match_error", "interval_low",
                "interval_high",
            ])
        ) { text, point in
            text += CSV.line(
                ["\(point.confidence)", "\(point.count)", "\(point.coverage)", "\(point.hammingLoss)"]
                    + ["\(point.exactMatchError)", "\(point.intervalLow)", "\(point.intervalHigh)"])
        }
    }
}
