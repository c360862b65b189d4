import Evaluation
import Testing

@Suite struct DecisionStepsTests {
    @Test func theCurveIsScikitLearns() throws {
        for curve in try AnalysisFixture.read().curves {
            let points = PrecisionRecallCurve.measure(DecisionSteps(curve.scores, curve.truth.map { $0 == 1 }))
            // A threshold is strict here, so that a score of 0 is never predicted.
            let first = curve.thresholds.first == 0 ? 1 : 0
            #expect(points.map(\.threshold) == Array(curve.thresholds.dropFirst(first)))
            for (point, (precision, recall)) in zip(points, zip(curve.precision, curve.recall).dropFirst(first)) {
                #expect(agrees(point.precision, precision) && agrees(point.recall, recall))
            }
        }
    }

    @Test func everyThresholdDecidesAsCountingDoes() {
        var random = SeededGenerator(seed: 2)
        for index in 0..<60 {
            var (scores, targets) = AnalysisFixture.random(&random, count: index, hasTies: index % 2 == 0)
            if index % 5 == 0, index > 0 { (scores[0], scores[index - 1]) = (0, 1) }
            let steps = DecisionSteps(scores, targets)
            #expect(steps.lows.first == 0 && steps.lows == steps.lows.sorted())
            for threshold in scores + [0, 0.05, 0.3, 0.55, 1] {
                var expected = Counts()
                for (score, target) in zip(scores, targets) {
                    expected.add(target: target, predicted: score > threshold)
                }
                #expect(steps.counts(above: threshold) == expected)
            }
        }
    }

    /// The middle of two neighbouring numbers rounds to one of them, and only the lower one decides alike.
    @Test func neighbouringScoresAreToldApart() throws {
        for low in [0.1, 0.3, 0.7] {
            var at = low
            for _ in 0..<8 {
                let choice = try #require(
                    ThresholdChoice.best(DecisionSteps([at, at.nextUp], [false, true]), for: .fBeta(1)))
                #expect(at <= choice.threshold && choice.threshold < at.nextUp)
                at = at.nextUp
            }
        }
    }
}
