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
        _ scores: [Double], _ targets: [Bool], order: [Int32], objective: ThresholdObjective, folds: Int,
        fallback: Double, random: inout SeededGenerator
    ) -> Outcome {
        var fold = [UInt8](repeating: 0, count: scores.count)
        var dealt = 0
        for isPositive in [true, false] {
            let members = targets.indices.filter { targets[$0] == isPositive }
            for index in random.permutation(members.count) {
                fold[members[index]] = UInt8(dealt % folds)
                dealt += 1
            }
        }
        var outcome = Outcome()
        for part in 0..<folds {
            let steps = DecisionSteps(scores, targets, order: order) { fold[$0] == UInt8(part) ? 0 : 1 }
            outcome.thresholds.append(ThresholdChoice.best(steps, for: objective)?.threshold ?? fallback)
        }
        for (image, part) in fold.enumerated() {
            outcome.counts.add(
                target: targets[image], predicted: scores[image] > outcome.thresholds[Int(part)])
        }
        return outcome
    }

    /// The thresholds chosen on `resamples` bootstrap samples (positives and negatives drawn apart), ascending.
    static func bootstrap(
        _ scores: [Double], _ targets: [Bool], order: [Int32], objective: ThresholdObjective, resamples: Int,
        random: inout SeededGenerator
    ) -> [Double] {
        let members = [true, false].map { side in targets.indices.filter { targets[$0] == side } }
        var weights = [Int32](repeating: 0, count: scores.count)
        var chosen: [Double] = []
        for _ in 0..<resamples {
            for index in weights.indices { weights[index] = 0 }
            for side in members {
                for _ in side.indices { weights[side[random.integer(below: side.count)]] += 1 }
            }
            let steps = DecisionSteps(scores, targets, order: order) { Int(weights[$0]) }
            if let choice = ThresholdChoice.best(steps, for: objective) { chosen.append(choice.threshold) }
        }
        return chosen.sorted()
    }
}
