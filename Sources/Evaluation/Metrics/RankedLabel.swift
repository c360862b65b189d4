/// A probability whose bits order as it does.
protocol RankedScore: BinaryFloatingPoint, Sendable {
    associatedtype Key: FixedWidthInteger & UnsignedInteger & Sendable
    /// Twice the bits, which leaves the lowest free. The bits of numbers that are not negative order as the numbers.
    var key: Key { get }
    init(key: Key)
}

extension Float: RankedScore {
    // A negative zero has the highest bit set; plus zero it has not.
    var key: UInt32 { (self + 0).bitPattern << 1 }
    init(key: UInt32) { self.init(bitPattern: key >> 1) }
}

extension Double: RankedScore {
    var key: UInt64 { (self + 0).bitPattern << 1 }
    init(key: UInt64) { self.init(bitPattern: key >> 1) }
}

/// One label's scores in ascending order, each with its truth in the lowest bit: all that ranking figures need, from one
/// sort. N log N at most; memory 4 bytes an image for float scores and 8 for double ones, twice that while sorting.
struct RankedLabel<Score: RankedScore> {
    private let keys: [Score.Key]
    let positives: Int

    /// - Parameter keys: `Score.key`, plus 1 for a positive; in any order.
    init(_ keys: [Score.Key]) {
        var keys = keys
        RadixSort.sort(&keys)
        self.keys = keys
        positives = keys.reduce(0) { $0 + Int($1 & 1) }
    }

    init(_ scores: [Score], _ targets: [Bool]) {
        self.init(zip(scores, targets).map { $0.0.key | ($0.1 ? 1 : 0) })
    }

    var count: Int { keys.count }
    var negatives: Int { keys.count - positives }

    /// Calls `body` for each group of equal scores, the highest first: the score, its positives, its size.
    func forEachTie(_ body: (_ score: Double, _ hits: Int, _ size: Int) -> Void) {
        keys.withUnsafeBufferPointer { keys in
            var at = keys.count
            while at > 0 {
                let bits = keys[at - 1] >> 1
                var (hits, begin) = (0, at)
                while begin > 0, keys[begin - 1] >> 1 == bits {
                    hits += Int(keys[begin - 1] & 1)
                    begin -= 1
                }
                body(Double(Score(key: bits << 1)), hits, at - begin)
                at = begin
            }
        }
    }

    /// All figures in one pass.
    /// - Parameter thresholds: where to count decisions, in any order.
    func figures(at thresholds: [Double]) -> RankedFigures {
        var result = RankedFigures(count: count, positives: positives, thresholds: thresholds.count)
        let order = thresholds.indices.sorted { thresholds[$0] > thresholds[$1] }
        var next = 0
        var (tp, seen, wins) = (0, 0, 0)
        var precisions = 0.0
        var best = BestThreshold()
        func counts() -> Counts {
            Counts(tp: tp, fp: seen - tp, fn: positives - tp, tn: count - seen - positives + tp)
        }
        forEachTie { score, hits, size in
            while next < order.count, thresholds[order[next]] >= score {
                result.counts[order[next]] = counts()
                next += 1
            }
            best.offer(score, tp: tp, said: seen, positives: positives)
            let misses = size - hits
            wins += misses * (2 * tp + hits)
            tp += hits
            seen += size
            if hits > 0 { precisions += Double(hits) * (Double(tp) / Double(seen)) }
            result.calibration.add(score, hits: hits, size: size)
        }
        while next < order.count {
            result.counts[order[next]] = counts()
            next += 1
        }
        if positives > 0 {
            result.averagePrecision = precisions / Double(positives)
            best.offer(0, tp: tp, said: seen, positives: positives)
            result.bestThreshold = best.threshold
        }
        if positives > 0, negatives > 0 {
            result.rocAUC = Double(wins) / 2 / (Double(positives) * Double(negatives))
        }
        return result
    }
}

/// What one label's ranking gives.
struct RankedFigures {
    let count: Int
    let positives: Int
    /// Decisions at each of the thresholds that were asked for.
    var counts: [Counts]
    var averagePrecision: Double?
    var rocAUC: Double?
    var bestThreshold: Double?
    var calibration = CalibrationSums()

    init(count: Int, positives: Int, thresholds: Int) {
        self.count = count
        self.positives = positives
        counts = Array(repeating: Counts(), count: thresholds)
    }
}

/// The threshold with the largest F1, found while scores come in descending order.
private struct BestThreshold {
    private var f1 = -1.0
    private var (low, high) = (0.0, 0.0)
    /// The score before.
    private var above: Double?

    /// Any threshold from `score` up to the score before makes the same decisions, `said` of them positive.
    mutating func offer(_ score: Double, tp: Int, said: Int, positives: Int) {
        guard above != score else { return }
        let top = above ?? 1
        above = score
        // No threshold of 1 or more is of use.
        guard score < 1, positives > 0 else { return }
        let value = Double(2 * tp) / Double(said + positives)
        // Of equals the widest run counts, and of equally wide ones the lowest.
        guard value > f1 || (value == f1 && top - score >= high - low) else { return }
        (f1, low, high) = (value, score, top)
    }

    var threshold: Double { (low + high) / 2 }
}
