/// Thresholds chosen on some images and judged on the others, so that what is gained is not what was memorised.
enum CrossFit {
    struct Outcome {
        /// The decisions on all images, each by the threshold that was chosen without its fold.
        var counts = Counts()
        /// The threshold chosen without each fold.
        var thresholds: [Double] = []
    }

    /// k-fold: positives and negatives are dealt to the folds in turn, each in a random order of this seed.
    /// - Parameter fallback: the threshold of folds without which no choice can be made.
    static func run(
        _ ranked: RankedDecisions, objective: ThresholdObjective, folds: Int, fallback: Double,
        random: inout SeededGenerator
    ) -> Outcome {
        var fold = [UInt8](repeating: 0, count: ranked.count)
        var dealt = 0
        for side in ranked.sides {
            for index in random.permutation(side.count) {
                fold[side.lowerBound + index] = UInt8(dealt % folds)
                dealt += 1
            }
        }
        var outcome = Outcome()
        for part in 0..<folds {
            let weights = fold.map { $0 == UInt8(part) ? UInt8(0) : 1 }
            outcome.thresholds.append(ranked.best(for: objective, weights: weights)?.threshold ?? fallback)
        }
        outcome.counts = ranked.counts { outcome.thresholds[Int(fold[$0])] }
        return outcome
    }

    /// The thresholds chosen on `resamples` bootstrap samples (positives and negatives drawn apart), ascending.
    static func bootstrap(
        _ ranked: RankedDecisions, objective: ThresholdObjective, resamples: Int, random: inout SeededGenerator
    ) -> [Double] {
        // An image is not drawn 256 times: fewer draws than that may, and of more the chance is below 1 in 10^500.
        var weights = [UInt8](repeating: 0, count: ranked.count)
        var chosen: [Double] = []
        for _ in 0..<resamples {
            for index in weights.indices { weights[index] = 0 }
            for side in ranked.sides {
                for _ in side { weights[side.lowerBound + random.integer(below: side.count)] &+= 1 }
            }
            if let choice = ranked.best(for: objective, weights: weights) { chosen.append(choice.threshold) }
        }
        return chosen.sorted()
    }
}
