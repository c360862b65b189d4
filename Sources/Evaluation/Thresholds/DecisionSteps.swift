/// Every decision that thresholds can make for one label: one sort of its scores, then one step for each distinct score.
///
/// A label is predicted where `score > threshold`, so all thresholds in `lows[i]..<high(i)` decide alike. Step by step the
/// threshold rises from 0 to 1; the first step predicts all scores above 0, the last none. Cost: N log N.
public struct DecisionSteps: Sendable, Equatable {
    /// Ascending from 0; each later one is a score.
    public private(set) var lows: [Double] = []
    /// True positives at each step.
    public private(set) var tp: [Int] = []
    /// False positives at each step.
    public private(set) var fp: [Int] = []
    public private(set) var positives = 0
    public private(set) var count = 0

    /// - Parameters: `scores` are in 0...1; `targets` is as long.
    public init(_ scores: [Double], _ targets: [Bool]) {
        let order = ScoreOrder.descending(scores)
        var at = 0
        var (tp, fp) = (0, 0)
        while at < order.count {
            let score = scores[Int(order[at])]
            var (hits, misses) = (0, 0)
            while at < order.count, scores[Int(order[at])] == score {
                if targets[Int(order[at])] { hits += 1 } else { misses += 1 }
                at += 1
            }
            append(score, tp, fp)
            (tp, fp) = (tp + hits, fp + misses)
        }
        if lows.last.map({ $0 > 0 }) ?? true { append(0, tp, fp) }
        lows.reverse()
        self.tp.reverse()
        self.fp.reverse()
        (positives, count) = (tp, tp + fp)
    }

    private mutating func append(_ low: Double, _ tp: Int, _ fp: Int) {
        lows.append(low)
        self.tp.append(tp)
        self.fp.append(fp)
    }

    /// Where a step ends: the next one's beginning, or 1.
    public func high(_ step: Int) -> Double { step + 1 < lows.count ? lows[step + 1] : 1 }

    /// The decisions of all thresholds of a step.
    public func counts(_ step: Int) -> Counts {
        var counts = Counts()
        counts.tp = tp[step]
        counts.fp = fp[step]
        counts.fn = positives - tp[step]
        counts.tn = count - positives - fp[step]
        return counts
    }

    /// The decisions of one threshold in 0...1.
    public func counts(above threshold: Double) -> Counts {
        var (low, high) = (0, lows.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if lows[middle] <= threshold { low = middle } else { high = middle }
        }
        return counts(low)
    }
}
