import Evaluation
import Testing

/// The oracle repeats each image as often as it counts and goes through the thresholds one by one.
@Suite struct RankedDecisionsTests {
    private static let objectives: [ThresholdObjective] = [
        .fBeta(1), .fBeta(2), .fBeta(0.5), .precision(0.7), .recall(0.8), .cost(falsePositive: 1, falseNegative: 3),
        .cost(falsePositive: 0, falseNegative: 1),
    ]

    @Test func weightsAreRepetitions() throws {
        var random = SeededGenerator(seed: 8)
        for index in 0..<300 {
            let count = 1 + random.integer(below: 40)
            var (scores, targets) = AnalysisFixture.random(&random, count: count, hasTies: index % 2 == 0)
            if index % 3 == 0 { (scores[0], scores[count - 1]) = (0, 1) }
            let weights = scores.map { _ in random.integer(below: 3) }
            let rows = weights.enumerated().flatMap { Array(repeating: $0, count: $1) }
            let ranked = RankedDecisions(scores, targets)
            let seats = targets.indices.filter { targets[$0] } + targets.indices.filter { !targets[$0] }
            let steps = DecisionSteps(rows.map { scores[$0] }, rows.map { targets[$0] })
            for objective in Self.objectives {
                #expect(
                    ranked.best(for: objective, weights: seats.map { UInt8(weights[$0]) })
                        == ThresholdChoice.best(steps, for: objective),
                    "\(objective) of \(scores), \(targets), \(weights)")
            }
        }
    }
}
