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
        var best: (rank: (Double, Double, Double), first: Int, last: Int)?
        // The run of equally good steps that ends at the present one.
        var run: (rank: (Double, Double, Double), first: Int) = ((-.infinity, 0, 0), 0)
        for step in steps.lows.indices {
            let rank = objective.rank(steps.counts(step))
            if rank != run.rank { run = (rank, step) }
            if let known = best, rank < known.rank { continue }
            if let known = best, rank == known.rank, known.first != run.first,
                steps.high(step) - steps.lows[run.first] <= steps.high(known.last) - steps.lows[known.first]
            {
                continue
            }
            best = (rank, run.first, step)
        }
        guard let best else { return nil }
        return ThresholdChoice(
            threshold: steps.middle(best.first, best.last), low: steps.lows[best.first], high: steps.high(best.last),
            counts: steps.counts(best.first))
    }
}
