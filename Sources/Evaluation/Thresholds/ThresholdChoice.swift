/// The best threshold of one label for an objective, on the images that it was chosen on.
public struct ThresholdChoice: Sendable, Equatable {
    /// The middle of the plateau.
    public var threshold: Double
    /// Every threshold from here…
    public var low: Double
    /// …to here, the end left out, is as good; of several such runs the widest, and of equals the lowest.
    public var high: Double
    public var counts: Counts

    /// - Returns: nil unless there are both positives and negatives: without either, every choice is arbitrary.
    public static func best(_ steps: DecisionSteps, for objective: ThresholdObjective) -> ThresholdChoice? {
        guard steps.positives > 0, steps.positives < steps.count else { return nil }
        var scan = PlateauScan<ThresholdRank>()
        for step in steps.lows.indices {
            let counts = steps.counts(step)
            scan.offer(objective.rank(counts), steps.lows[step], steps.high(step), counts)
        }
        return scan.choice
    }
}
