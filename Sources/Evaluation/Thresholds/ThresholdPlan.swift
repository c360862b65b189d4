/// A threshold for each label, what it gains on the images it was chosen on, and what it gains on images it has not seen.
public struct ThresholdPlan: Codable, Sendable, Equatable {
    public var version = 1
    /// `ThresholdObjective.text`.
    public var objective: String
    /// The figure that every `value` is.
    public var figure: String
    public var folds: Int
    public var seed: UInt64
    /// Label -> threshold; all that a reader of the file needs.
    public var thresholds: [String: Double]
    /// Mean of `value` over the labels that have a chosen threshold, with the decisions of all labels.
    public var before: Total
    public var inSample: Total
    public var crossFitted: Total
    public var perLabel: [Label]

    public struct Total: Codable, Sendable, Equatable {
        @Nullable public var value: Double?
        @Nullable public var accuracyMulti: Double?
    }

    /// Decisions of one label.
    public struct Outcome: Codable, Sendable, Equatable {
        public var tp, fp, fn, tn: Int
        @Nullable public var precision: Double?
        @Nullable public var recall: Double?
        @Nullable public var value: Double?
        /// Whether the wanted precision or recall is reached; null where none is wanted.
        @Nullable public var isMet: Bool?

        init(_ counts: Counts, _ objective: ThresholdObjective) {
            (tp, fp, fn, tn) = (counts.tp, counts.fp, counts.fn, counts.tn)
            (precision, recall) = (counts.precision, counts.recall)
            (value, isMet) = (objective.value(counts), objective.isMet(counts))
        }
    }

    public struct Label: Codable, Sendable, Equatable {
        public var label: String
        public var support: Int
        /// The threshold in use.
        public var current: Double
        /// The chosen one, or the one in use where none can be chosen.
        public var threshold: Double
        /// False where the label has no positives or no negatives.
        public var isChosen: Bool
        /// Every threshold of low..<high is as good as the chosen one, on these images.
        @Nullable public var plateauLow: Double?
        @Nullable public var plateauHigh: Double?
        @Nullable public var plateauWidth: Double?
        /// Where 95 % of the thresholds lie that bootstrap samples of these images choose.
        @Nullable public var intervalLow: Double?
        @Nullable public var intervalHigh: Double?
        /// The threshold chosen without each fold.
        public var foldThresholds: [Double]
        public var before: Outcome
        public var inSample: Outcome
        public var crossFitted: Outcome
        /// How much better `value` is than before, on the very images of the choice (optimistic).
        @Nullable public var inSampleGain: Double?
        /// The same where no decision is by a threshold that saw its image.
        @Nullable public var crossFittedGain: Double?
    }

    /// How much better the mean is, on images that no threshold has seen.
    public var crossFittedGain: Double? { gain(crossFitted) }
    public var inSampleGain: Double? { gain(inSample) }

    private func gain(_ after: Total) -> Double? {
        guard let new = after.value, let old = before.value else { return nil }
        return (try? ThresholdObjective(parsing: objective))?.isLoss == true ? old - new : new - old
    }
}
