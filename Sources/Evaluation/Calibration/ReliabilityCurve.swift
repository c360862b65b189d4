/// What was said against what was so, for one label: probabilities in bins, each with the share of positives in it.
///
/// The reliability diagram of DeGroot and Fienberg (1983), as scikit-learn's `calibration_curve` has it.
public struct ReliabilityCurve: Codable, Sendable, Equatable {
    public enum Binning: String, Codable, Sendable, CaseIterable {
        /// Bins of one width; a bin holds its lower edge and not its upper one, but for the last, as in the record's
        /// calibration error.
        case equalWidth = "equal_width"
        /// Bins of about as many images: their edges are percentiles of the scores. A bin holds its upper edge and not its
        /// lower one, but for the first, as scikit-learn's `strategy="quantile"`.
        case equalMass = "equal_mass"
    }

    /// The images whose probability lies in one bin; bins without images are left out.
    public struct Bin: Codable, Sendable, Equatable {
        public var low: Double
        public var high: Double
        public var count: Int
        public var positives: Int
        /// Mean probability said.
        public var meanScore: Double
        /// Share of positives.
        public var frequency: Double
        /// Clopper and Pearson's 95 % interval of that share.
        public var intervalLow: Double
        public var intervalHigh: Double
    }

    public var binning: Binning
    public var bins: [Bin]
    /// Expected calibration error (Naeini et al., 2015): the bins' |mean score - frequency|, weighted by their images. 0...1;
    /// nil without images.
    @Nullable public var error: Double?
    /// What the error would be on average, were every probability exactly right: so few images have some error by chance.
    @Nullable public var chanceError: Double?
    /// What it would stay below in 95 of 100 cases, were every probability exactly right.
    @Nullable public var chanceCeiling: Double?

    /// More than chance explains.
    public var isOff: Bool { error.flatMap { error in chanceCeiling.map { error > $0 } } ?? false }

    /// - Parameters:
    ///   - scores: probabilities, in any order; `targets` is as long.
    ///   - bins: 1 or more.
    ///
    /// The error by chance takes the difference of a bin's sums as normal with the variance sum p (1 - p), so that its absolute
    /// value has the mean sqrt(2 / pi) and the variance 1 - 2 / pi of that (Leone et al., 1961), and the bins as independent.
    public static func measure(
        _ scores: [Double], _ targets: [Bool], binning: Binning, bins: Int = CalibrationSums.bins,
        confidence: Double = 0.95
    ) -> ReliabilityCurve {
        measure(columns: [scores], [targets], binning: binning, bins: bins, confidence: confidence)
    }

    /// All decisions of several labels in one curve; `scores` and `targets` are `[C][N]`.
    public static func measure(
        columns scores: some Collection<[Double]>, _ targets: some Collection<[Bool]>, binning: Binning,
        bins: Int = CalibrationSums.bins,
        confidence: Double = 0.95
    ) -> ReliabilityCurve {
        precondition(bins > 0 && scores.count == targets.count, "at least one bin, and targets for each column")
        let edges = binning == .equalWidth ? (0...bins).map { Double($0) / Double(bins) } : massEdges(scores, bins)
        var sums = [Sums](repeating: Sums(), count: bins)
        for (column, truth) in zip(scores, targets) {
            precondition(column.count == truth.count, "a target a score")
            for (score, target) in zip(column, truth) {
                let bin =
                    binning == .equalWidth ? Int(score * Double(bins)) : firstEdge(notBelow: score, edges) - 1
                sums[min(bins - 1, max(0, bin))].add(score, target)
            }
        }
        let count = Double(sums.reduce(0) { $0 + $1.count })
        let filled = sums.indices.filter { sums[$0].count > 0 }
        guard !filled.isEmpty else { return ReliabilityCurve(binning: binning, bins: []) }
        let folded = filled.map { sums[$0].variance.squareRoot() * (2 / Double.pi).squareRoot() }.reduce(0, +) / count
        let spread = filled.map { sums[$0].variance * (1 - 2 / Double.pi) }.reduce(0, +).squareRoot() / count
        return ReliabilityCurve(
            binning: binning,
            bins: filled.map { bin in
                let part = sums[bin]
                let interval = Interval.clopperPearson(
                    hits: part.positives, count: part.count, confidence: confidence)
                return Bin(
                    low: edges[bin], high: edges[bin + 1], count: part.count, positives: part.positives,
                    meanScore: part.total / Double(part.count),
                    frequency: Double(part.positives) / Double(part.count), intervalLow: interval.lowerBound,
                    intervalHigh: interval.upperBound)
            },
            error: filled.reduce(0) { $0 + abs(sums[$1].total - Double(sums[$1].positives)) } / count,
            chanceError: folded, chanceCeiling: folded + 1.6448536269514722 * spread)
    }

    private static func massEdges(_ scores: some Collection<[Double]>, _ bins: Int) -> [Double] {
        let ascending = ScoreOrder.ascending(Array(scores.joined()))
        return (0...bins).map { Percentile.of(ascending, Double($0) / Double(bins)) ?? 0 }
    }

    /// The first of `edges` but the outer ones that is not below `score`: 1 to the last.
    private static func firstEdge(notBelow score: Double, _ edges: [Double]) -> Int {
        var (low, high) = (1, edges.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if edges[middle] < score { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private struct Sums {
        var count = 0
        var positives = 0
        var total = 0.0
        var variance = 0.0

        mutating func add(_ score: Double, _ target: Bool) {
            count += 1
            if target { positives += 1 }
            total += score
            variance += score * (1 - score)
        }
    }
}
