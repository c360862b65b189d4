/// What a threshold is chosen for.
public enum ThresholdObjective: Sendable, Equatable {
    /// The largest F-beta: recall counts `beta` times as much as precision (van Rijsbergen, 1979).
    case fBeta(Double)
    /// The largest recall among thresholds whose precision is at least this.
    case precision(Double)
    /// The largest precision among thresholds whose recall is at least this.
    case recall(Double)
    /// The smallest cost, each false positive and each false negative costing so much.
    case cost(falsePositive: Double, falseNegative: Double)

    /// `f1`, `f0.5`, `precision=0.9`, `recall=0.9`, `cost=1:5` (false positive : false negative).
    /// - Throws: `InputError` for anything else.
    public init(parsing text: String) throws {
        func fail() -> InputError {
            InputError(
                "unknown objective",
                expected: "f1, f<beta>, precision=<0 to 1>, recall=<0 to 1> or cost=<fp>:<fn> of 0 to 1e12",
                got: "'\(text)'")
        }
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        switch (parts[0], parts.count) {
        case ("precision", 2), ("recall", 2):
            guard let wanted = StrictNumber.parse(parts[1]), wanted > 0, wanted <= 1 else { throw fail() }
            self = parts[0] == "recall" ? .recall(wanted) : .precision(wanted)
        case ("cost", 2):
            let costs = parts[1].split(separator: ":", omittingEmptySubsequences: false)
                .map { StrictNumber.parse(String($0)) }
            guard costs.count == 2, let positive = costs[0], let negative = costs[1], (0...1e12).contains(positive),
                (0...1e12).contains(negative), positive + negative > 0
            else { throw fail() }
            self = .cost(falsePositive: positive, falseNegative: negative)
        case (let name, 1) where name.hasPrefix("f"):
            guard let beta = StrictNumber.parse(String(name.dropFirst())), beta > 0, beta <= 1000 else { throw fail() }
            self = .fBeta(beta)
        default: throw fail()
        }
    }

    /// As `init(parsing:)` reads it.
    public var text: String {
        switch self {
        case .fBeta(let beta): "f\(FigureText.exactly(beta))"
        case .precision(let wanted): "precision=\(FigureText.exactly(wanted))"
        case .recall(let wanted): "recall=\(FigureText.exactly(wanted))"
        case .cost(let positive, let negative): "cost=\(FigureText.exactly(positive)):\(FigureText.exactly(negative))"
        }
    }

    /// The figure that `value` is: for a wanted precision the recall, and the reverse.
    public var figure: String {
        switch self {
        case .fBeta(let beta): "F\(FigureText.exactly(beta))"
        case .precision: "recall"
        case .recall: "precision"
        case .cost: "cost an image"
        }
    }

    /// Whether a smaller value is the better one.
    public var isLoss: Bool { if case .cost = self { true } else { false } }

    /// The figure of these decisions; nil where it is undefined.
    public func value(_ c: Counts) -> Double? {
        switch self {
        case .fBeta(let beta):
            return Self.fBeta(beta, c)
        case .precision: return c.recall
        case .recall: return c.precision
        case .cost(let positive, let negative):
            let count = c.tp + c.fp + c.fn + c.tn
            return count == 0 ? nil : (positive * Double(c.fp) + negative * Double(c.fn)) / Double(count)
        }
    }

    /// Whether the wanted precision or recall is reached; nil where none is wanted.
    public func isMet(_ c: Counts) -> Bool? {
        switch self {
        case .precision(let wanted): (c.precision ?? 0) >= wanted
        case .recall(let wanted): (c.recall ?? 0) >= wanted
        default: nil
        }
    }

    /// F-beta of these decisions; nil where nothing is positive or predicted.
    static func fBeta(_ beta: Double, _ c: Counts) -> Double? {
        let square = beta * beta
        let whole = (1 + square) * Double(c.tp) + square * Double(c.fn) + Double(c.fp)
        return whole > 0 ? (1 + square) * Double(c.tp) / whole : nil
    }

    /// How good these decisions are. Where what is wanted cannot be reached, what comes nearest wins.
    package func rank(_ c: Counts) -> ThresholdRank {
        let (precision, recall) = (c.precision ?? -1, c.recall ?? -1)
        switch self {
        case .fBeta: return ThresholdRank(value(c) ?? -1)
        case .precision:
            return isMet(c) == true ? ThresholdRank(1, recall, precision) : ThresholdRank(0, precision, recall)
        case .recall:
            return isMet(c) == true ? ThresholdRank(1, precision, recall) : ThresholdRank(0, recall, precision)
        case .cost: return ThresholdRank(-(value(c) ?? 0))
        }
    }
}

/// How good decisions are, compared number by number.
package struct ThresholdRank: Comparable, Sendable {
    package var first, second, third: Double

    init(_ first: Double, _ second: Double = 0, _ third: Double = 0) {
        (self.first, self.second, self.third) = (first, second, third)
    }

    package static func < (a: ThresholdRank, b: ThresholdRank) -> Bool {
        (a.first, a.second, a.third) < (b.first, b.second, b.third)
    }
}
