/// One label's decisions against its truth.
public struct Counts: Sendable, Equatable {
    public var tp = 0
    public var fp = 0
    public var fn = 0
    public var tn = 0

    public init() {}

    init(tp: Int, fp: Int, fn: Int, tn: Int) {
        self.tp = tp
        self.fp = fp
        self.fn = fn
        self.tn = tn
    }

    public mutating func add(target: Bool, predicted: Bool) {
        switch (target, predicted) {
        case (true, true): tp += 1
        case (false, true): fp += 1
        case (true, false): fn += 1
        case (false, false): tn += 1
        }
    }

    static func + (a: Counts, b: Counts) -> Counts {
        var sum = a
        sum.tp += b.tp
        sum.fp += b.fp
        sum.fn += b.fn
        sum.tn += b.tn
        return sum
    }

    static func ratio(_ part: Int, _ whole: Int) -> Double? { whole == 0 ? nil : Double(part) / Double(whole) }

    /// tp / (tp + fp); nil when nothing was predicted.
    public var precision: Double? { Self.ratio(tp, tp + fp) }
    /// tp / (tp + fn); nil without positives.
    public var recall: Double? { Self.ratio(tp, tp + fn) }
    /// tn / (tn + fp); nil without negatives.
    public var specificity: Double? { Self.ratio(tn, tn + fp) }
    /// 2 tp / (2 tp + fp + fn); nil when there is neither a positive nor a prediction.
    public var f1: Double? { Self.ratio(2 * tp, 2 * tp + fp + fn) }
    /// F-beta with beta 2, recall counting more: 5 tp / (5 tp + 4 fn + fp). 0...1; nil as `f1`.
    public var f2: Double? { Self.ratio(5 * tp, 5 * tp + 4 * fn + fp) }
    /// F-beta with beta 1/2, precision counting more: 5 tp / (5 tp + fn + 4 fp). 0...1; nil as `f1`.
    public var fHalf: Double? { Self.ratio(5 * tp, 5 * tp + fn + 4 * fp) }
    /// tp / (tp + fp + fn), intersection over union (Jaccard, 1901). 0...1; nil as `f1`.
    public var jaccard: Double? { Self.ratio(tp, tp + fp + fn) }
    /// The mean of recall and specificity. 0...1; nil unless there are positives and negatives.
    public var balancedAccuracy: Double? {
        guard let recall, let specificity else { return nil }
        return (recall + specificity) / 2
    }
    /// (tp tn - fp fn) / sqrt((tp + fp)(tp + fn)(tn + fp)(tn + fn)), Matthews' correlation (1975). -1...1; nil when all
    /// truth or all predictions are one, where scikit-learn says 0.
    public var matthews: Double? {
        let sides = [tp + fp, tp + fn, tn + fp, tn + fn].map { Double($0) }
        guard !sides.contains(0) else { return nil }
        let roots = sides.map { $0.squareRoot() }
        let value = (Double(tp) * Double(tn) - Double(fp) * Double(fn)) / (roots[0] * roots[1] * roots[2] * roots[3])
        // Rounded roots may lead a few units of the last place beyond.
        return min(1, max(-1, value))
    }

    var figures: AveragedFigures {
        AveragedFigures(precision: precision, recall: recall, f1: f1, f2: f2, fHalf: fHalf, jaccard: jaccard)
    }
}

extension AveragedFigures {
    /// The mean of each figure over the parts where it is defined, weighted; nil where it is defined nowhere.
    ///
    /// scikit-learn counts undefined parts as 0 by default (`zero_division`); leaving them out equals its
    /// `zero_division=nan`.
    static func mean(_ parts: [(figures: AveragedFigures, weight: Double)]) -> AveragedFigures {
        var sums = AveragedSums()
        for part in parts { sums.add(part.figures, weight: part.weight) }
        return sums.mean
    }
}

/// Sums of figures over the parts where each is defined.
struct AveragedSums {
    private var precision = WeightedSum()
    private var recall = WeightedSum()
    private var f1 = WeightedSum()
    private var f2 = WeightedSum()
    private var fHalf = WeightedSum()
    private var jaccard = WeightedSum()

    mutating func add(_ figures: AveragedFigures, weight: Double = 1) {
        precision.add(figures.precision, weight)
        recall.add(figures.recall, weight)
        f1.add(figures.f1, weight)
        f2.add(figures.f2, weight)
        fHalf.add(figures.fHalf, weight)
        jaccard.add(figures.jaccard, weight)
    }

    mutating func add(_ other: AveragedSums) {
        precision.add(other.precision)
        recall.add(other.recall)
        f1.add(other.f1)
        f2.add(other.f2)
        fHalf.add(other.fHalf)
        jaccard.add(other.jaccard)
    }

    var mean: AveragedFigures {
        AveragedFigures(
            precision: precision.mean, recall: recall.mean, f1: f1.mean, f2: f2.mean, fHalf: fHalf.mean,
            jaccard: jaccard.mean)
    }
}

/// A weighted mean in the making; what is undefined is left out.
struct WeightedSum {
    private var sum = 0.0
    private var weight = 0.0

    mutating func add(_ value: Double?, _ weight: Double = 1) {
        guard let value, weight > 0 else { return }
        sum += value * weight
        self.weight += weight
    }

    mutating func add(_ other: WeightedSum) {
        sum += other.sum
        weight += other.weight
    }

    var mean: Double? { weight > 0 ? sum / weight : nil }
}
