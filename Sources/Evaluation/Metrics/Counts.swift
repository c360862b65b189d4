/// One label's decisions against its truth.
public struct Counts: Sendable, Equatable {
    public var tp = 0
    public var fp = 0
    public var fn = 0
    public var tn = 0

    public init() {}

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
    /// 2 tp / (2 tp + fp + fn); nil when there is neither a positive nor a prediction.
    public var f1: Double? { Self.ratio(2 * tp, 2 * tp + fp + fn) }

    var figures: AveragedFigures { AveragedFigures(precision: precision, recall: recall, f1: f1) }
}

extension AveragedFigures {
    /// The mean of each figure over the parts where it is defined, weighted; nil where it is defined nowhere.
    ///
    /// scikit-learn counts undefined parts as 0 by default (`zero_division`); leaving them out equals its
    /// `zero_division=nan`.
    static func mean(_ parts: [(figures: AveragedFigures, weight: Double)]) -> AveragedFigures {
        func mean(_ figure: (AveragedFigures) -> Double?) -> Double? {
            var (sum, weight) = (0.0, 0.0)
            for part in parts {
                guard let value = figure(part.figures), part.weight > 0 else { continue }
                sum += value * part.weight
                weight += part.weight
            }
            return weight > 0 ? sum / weight : nil
        }
        return AveragedFigures(precision: mean(\.precision), recall: mean(\.recall), f1: mean(\.f1))
    }
}
