/// One demand of a golden set on a model.
public struct Rule: Sendable, Equatable {
    public enum Metric: String, Sendable, CaseIterable {
        case accuracyMulti = "accuracy_multi"
        case exactMatch = "exact_match"
        case hammingLoss = "hamming_loss"
        case loss
        case precision, recall, f1
        case averagePrecision = "average_precision"
        case meanAveragePrecision = "mean_average_precision"
        case rocAUC = "roc_auc"
        case macroROCAUC = "macro_roc_auc"
        /// Over all images, with labels or without: whether anything is predicted needs no truth.
        case noPredictionCount = "no_prediction_count"
        case noPredictionRate = "no_prediction_rate"
        case contradictions, expectations
        case newlyBroken = "newly_broken"

        /// Whether the figure is a share of counted trials, so that an exact interval exists.
        var isProportion: Bool {
            [.accuracyMulti, .exactMatch, .hammingLoss, .precision, .recall, .noPredictionRate, .expectations].contains(
                self)
        }
        var takesLabel: Bool { [.precision, .recall, .f1, .averagePrecision, .rocAUC].contains(self) }
        var takesAverage: Bool { [.precision, .recall, .f1].contains(self) }
        /// Whether a larger figure is a worse one.
        var isLoss: Bool {
            [.hammingLoss, .loss, .noPredictionCount, .noPredictionRate, .contradictions, .newlyBroken].contains(self)
        }
        /// The values that the figure can have.
        var range: ClosedRange<Double> {
            [.loss, .noPredictionCount, .contradictions, .newlyBroken].contains(self) ? 0...Double.infinity : 0...1
        }
        var takesSlice: Bool { ![.contradictions, .expectations, .newlyBroken].contains(self) }
    }

    public enum Bound: Sendable, Equatable {
        case atLeast(Double)
        case atMost(Double)
        /// At most this much worse than the baseline.
        case maxDrop(Double)

        var value: Double {
            switch self {
            case .atLeast(let value), .atMost(let value), .maxDrop(let value): value
            }
        }
    }

    public var metric: Metric
    public var label: String?
    public var average: String?
    public var slice: String?
    public var bound: Bound
    public var confidence: Double?
    /// Where it stands, for messages.
    public var place: String

    public init(
        metric: Metric, label: String? = nil, average: String? = nil, slice: String? = nil, bound: Bound,
        confidence: Double? = nil, place: String = GoldenSet.file
    ) {
        self.metric = metric
        self.label = label
        self.average = average
        self.slice = slice
        self.bound = bound
        self.confidence = confidence
        self.place = place
    }

    /// The rule as a sentence.
    public var text: String {
        var text = metric.rawValue
        if let average { text = "\(average) \(text)" }
        if let label { text += " of \(label)" }
        if let slice { text += " in \(slice)" }
        switch bound {
        case .atLeast(let value): text += " >= \(FigureText.exactly(value))"
        case .atMost(let value): text += " <= \(FigureText.exactly(value))"
        case .maxDrop(let value): text += " at most \(FigureText.exactly(value)) worse than the baseline"
        }
        return confidence.map { text + " (\(FigureText.of($0 * 100))% confidence)" } ?? text
    }

    var needsBaseline: Bool {
        if case .maxDrop = bound { return true }
        return metric == .newlyBroken
    }
}
