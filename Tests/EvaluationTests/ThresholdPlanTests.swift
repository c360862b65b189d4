import Evaluation
import Foundation
import Testing

@Suite struct ThresholdPlanTests {
    static let objectives: [ThresholdObjective] = [
        .fBeta(1), .fBeta(0.5), .fBeta(2), .precision(0.8), .recall(0.9), .cost(falsePositive: 1, falseNegative: 5),
        .cost(falsePositive: 3, falseNegative: 1),
    ]

    private func counts(_ scores: [Double], _ targets: [Bool], above threshold: Double) -> Counts {
        var counts = Counts()
        for (score, target) in zip(scores, targets) { counts.add(target: target, predicted: score > threshold) }
        return counts
    }

    /// Every threshold there is, by counting.
    @Test(arguments: objectives) func noThresholdIsBetter(_ objective: ThresholdObjective) throws {
        var random = SeededGenerator(seed: 5)
        for index in 2..<50 {
            var (scores, targets) = AnalysisFixture.random(&random, count: index, hasTies: index % 2 == 0, skill: 0.2)
            (targets[0], targets[1]) = (true, false)
            if index % 7 == 0 { scores[0] = 1 }
            let choice = try #require(ThresholdChoice.best(DecisionSteps(scores, targets), for: objective))
            let best = counts(scores, targets, above: choice.threshold)
            #expect(best == choice.counts || objective.rank(best) == objective.rank(choice.counts))
            for threshold in scores + [0] {
                let other = counts(scores, targets, above: threshold)
                switch objective {
                case .fBeta(let beta):
                    func f(_ c: Counts) -> Double {
                        guard let p = c.precision, let r = c.recall, p + r > 0 else { return 0 }
                        return (1 + beta * beta) * p * r / (beta * beta * p + r)
                    }
                    #expect(f(best) >= f(other) - 1e-12)
                case .precision(let wanted) where (other.precision ?? 0) >= wanted:
                    #expect((best.precision ?? 0) >= wanted && (best.recall ?? 0) >= (other.recall ?? 0))
                case .recall(let wanted) where (other.recall ?? 0) >= wanted:
                    #expect((best.recall ?? 0) >= wanted && (best.precision ?? 0) >= (other.precision ?? 0))
                case .cost(let positive, let negative):
                    func cost(_ c: Counts) -> Double { positive * Double(c.fp) + negative * Double(c.fn) }
                    #expect(cost(best) <= cost(other))
                default: break
                }
            }
            // The plateau is as good all over, and its neighbours are not.
            let rank = objective.rank(best)
            for share in [0, 0.25, 0.5, 0.999] {
                let inside = choice.low + share * (choice.high - choice.low)
                guard inside < choice.high else { continue }
                #expect(objective.rank(counts(scores, targets, above: inside)) == rank)
            }
            if choice.high < 1 { #expect(objective.rank(counts(scores, targets, above: choice.high)) != rank) }
            if choice.low > 0 {
                #expect(objective.rank(counts(scores, targets, above: choice.low.nextDown)) != rank)
            }
        }
    }

    /// A hundred labels of pure noise: what is gained on the same images is memorised, and is not claimed.
    @Test func noiseGainsNothingOnUnseenImages() throws {
        var random = SeededGenerator(seed: 6)
        let parts = (0..<100).map { _ in AnalysisFixture.random(&random, count: 60, hasTies: false, skill: 0) }
        let columns = LabelColumns(
            labels: parts.indices.map { "l\($0)" }, scores: parts.map(\.scores), targets: parts.map(\.targets))
        // Noise is best predicted all over, which the threshold of 0 does.
        let plan = ThresholdPlan.measure(columns, current: parts.map { _ in 0.0 }, objective: .fBeta(1), resamples: 20)
        let honest = try #require(plan.crossFittedGain)
        #expect(try #require(plan.inSampleGain) > honest + 0.02)
        #expect(honest < 0)
        #expect(
            plan == ThresholdPlan.measure(columns, current: parts.map { _ in 0 }, objective: .fBeta(1), resamples: 20))
    }

    @Test func realGainsAreFoundOnUnseenImages() throws {
        var random = SeededGenerator(seed: 7)
        let (scores, targets) = AnalysisFixture.random(&random, count: 400, hasTies: false, skill: 0.4)
        // Probabilities a third as large as they ought to be.
        let columns = LabelColumns(labels: ["a"], scores: [scores.map { $0 / 3 }], targets: [targets])
        let plan = ThresholdPlan.measure(columns, current: [0.5], objective: .fBeta(1))
        #expect(try #require(plan.crossFittedGain) > 0.5)
        let label = plan.perLabel[0]
        let (low, high) = (try #require(label.intervalLow), try #require(label.intervalHigh))
        #expect(low <= label.threshold && label.threshold <= high && high - low < 0.2)
        #expect(label.foldThresholds.count == 5)
        #expect(try #require(label.plateauLow) <= label.threshold)
    }

    @Test func labelsWithoutPositivesOrNegativesKeepTheirs() throws {
        let columns = LabelColumns(
            labels: ["none", "all", "one"], scores: [[0.2, 0.9], [0.2, 0.9], [0.2, 0.9]],
            targets: [[false, false], [true, true], [false, true]])
        let plan = ThresholdPlan.measure(columns, current: [0.3, 0.4, 0.5], objective: .fBeta(1))
        #expect(plan.perLabel.map(\.isChosen) == [false, false, true])
        #expect(plan.thresholds == ["none": 0.3, "all": 0.4, "one": 0.55])
        let text = try ThresholdsFile.json(plan)
        #expect(text.contains("\"plateau_low\" : null") && text.contains("\"No") == false)
    }

    @Test(arguments: ["f1", "f0.5", "f2", "precision=0.9", "recall=1", "cost=1:5", "cost=0.5:0"])
    func objectivesAreReadAsTheyAreWritten(_ text: String) throws {
        #expect(try ThresholdObjective(parsing: text).text == text)
    }

    @Test(arguments: [
        "", "f", "f0", "f-1", "fnan", "f1=2", "precision", "precision=0", "precision=1.1", "recall=nan", "cost=1",
        "cost=0:0", "cost=1e308:1e308", "cost=1:1e13", "cost=-1:2", "cost=1:2:3", "auc",
    ])
    func otherObjectivesAreRefused(_ text: String) {
        #expect(throws: InputError.self) { try ThresholdObjective(parsing: text) }
    }

    @Test func filesComeBackAndOthersAreRefused() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("t-\(UUID()).json").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let columns = LabelColumns(
            labels: ["No_mask!", "a b"], scores: [[0.2, 0.9], [0.1, 0.7]], targets: [[false, true], [false, true]])
        let plan = ThresholdPlan.measure(columns, current: [0.5, 0.5], objective: .fBeta(1))
        try FileBytes.write(ThresholdsFile.json(plan), to: path)
        #expect(
            try ThresholdsFile.read(path, labels: ["a b", "No_mask!"])
                == ["a b", "No_mask!"].map { plan.thresholds[$0] })
        for text in [
            "", "{}", "[]", "{\"version\": 2, \"thresholds\": {\"a\": 0.5}}",
            "{\"version\": 1, \"thresholds\": {\"b\": 0.5}}", "{\"version\": 1, \"thresholds\": {}}",
            "{\"version\": 1, \"thresholds\": {\"a\": 1.5}}", "{\"version\": 1, \"thresholds\": {\"a\": \"0.5\"}}",
            "{\"version\": 1, \"thresholds\": {\"a\": 0.5, \"c\": 0.5}}",
        ] {
            try FileBytes.write(text, to: path)
            #expect(throws: InputError.self, "\(text)") { try ThresholdsFile.read(path, labels: ["a"]) }
        }
    }
}
