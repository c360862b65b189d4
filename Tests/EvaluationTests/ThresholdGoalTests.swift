import Evaluation
import Testing

/// What a plan says of a wanted precision or recall, counted by hand.
@Suite struct ThresholdGoalTests {
    private func plan(
        _ objective: ThresholdObjective, _ labels: [(String, [Double], [Bool])], current: Double
    ) -> ThresholdPlan {
        ThresholdPlan.measure(
            LabelColumns(labels: labels.map(\.0), scores: labels.map(\.1), targets: labels.map(\.2)),
            current: labels.map { _ in current }, objective: objective, resamples: 20)
    }

    /// Positives above 0.6 and negatives below 0.4, twenty of each.
    private var easy: (String, [Double], [Bool]) {
        let scores = (0..<40).map { (image: Int) -> Double in Double(image < 20 ? 60 + image : image) / 100 }
        return ("easy", scores, (0..<40).map { $0 < 20 })
    }

    /// The highest scores are negatives', so that no threshold has a precision above a half.
    private var hard: (String, [Double], [Bool]) {
        let scores = (0..<40).map { (image: Int) -> Double in 0.99 - Double(image) / 50 }
        return ("hard", scores, (0..<40).map { $0 % 2 == 1 })
    }

    @Test func whatNoThresholdReachesIsNamed() throws {
        let plan = plan(.precision(0.9), [easy, hard], current: 0.1)
        let goal = try #require(plan.goal)
        #expect(goal.labels == ["easy", "hard"] && goal.before.isEmpty)
        #expect(goal.inSample == ["easy"] && goal.crossFitted == ["easy"])
        #expect(goal.unreachable == ["hard"] && goal.memorised.isEmpty)
        let text = plan.verdict.joined(separator: "\n")
        #expect(
            text.contains(
                "precision=0.9 is reached for 0 of 2 labels by the thresholds in use, for 1 by the chosen ones on the images "
                    + "they were chosen on, and for 1 on unseen images"))
        #expect(text.contains("no threshold reaches it on these images, the nearest is taken: 'hard'"))
        #expect(!text.contains("nothing is gained") && !text.contains("no more labels"))
    }

    /// In use is a threshold with a recall of 1 and so no value to gain, but a precision that misses the goal.
    @Test func nothingIsSaidToBeGainedOnlyWhereTheGoalIsReachedAlready() throws {
        let missed = plan(.precision(0.9), [easy], current: 0.1)
        #expect(try #require(missed.crossFittedGain) <= 0, "the recall in use is 1")
        #expect(missed.verdict.count == 1 && missed.verdict[0].contains("for 1 on unseen images"))
        let reached = plan(.precision(0.9), [easy], current: 0.5)
        #expect(reached.verdict[1].contains("the thresholds in use reach the goal and are as good"))
        let beyond = plan(.precision(0.9), [hard], current: 0.5)
        #expect(beyond.verdict.contains { $0.contains("no more labels reach it") })
        #expect(
            plan(.fBeta(1), [easy], current: 0.5).verdict == [
                "nothing is gained on unseen images: the thresholds in use are as good"
            ])
        #expect(plan(.fBeta(1), [easy], current: 0.1).goal == nil)
    }

    /// Noise: a high precision is found on a few images, and is not there on others.
    @Test func whatIsOnlyMemorisedIsNamed() throws {
        var random = SeededGenerator(seed: 8)
        let noise = (0..<30).map { label in
            let part = AnalysisFixture.random(&random, count: 40, hasTies: false, skill: 0)
            return ("noise\(label)", part.scores, part.targets)
        }
        let plan = plan(.precision(0.95), noise, current: 0)
        let goal = try #require(plan.goal)
        #expect(goal.inSample.count > goal.crossFitted.count + 5)
        #expect(Set(goal.memorised) == Set(goal.inSample).subtracting(goal.crossFitted))
        for label in plan.perLabel {
            #expect(goal.inSample.contains(label.label) == ((label.inSample.precision ?? 0) >= 0.95))
            #expect(goal.crossFitted.contains(label.label) == ((label.crossFitted.precision ?? 0) >= 0.95))
        }
        #expect(plan.verdict.contains { $0.hasPrefix("reached on these images but not on unseen ones: 'noise") })
    }

    @Test func withoutBothOutcomesNothingIsChosen() {
        let plan = plan(.recall(0.9), [("none", [0.1, 0.2], [false, false])], current: 0.5)
        #expect(
            plan.goal == nil && plan.verdict == ["no label has both positives and negatives: nothing can be chosen"])
    }
}
