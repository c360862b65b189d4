import Evaluation
import Testing

/// Rules that compare a record with an earlier one.
@Suite struct BaselineTests {
    private let new = ModelIdentity(name: "new", digests: ["w": "1"])
    private let old = ModelIdentity(name: "old", digests: ["w": "2"])
    private let names = ["0.jpg", "1.jpg", "2.jpg", "3.jpg"]

    /// Every image carries x alone; `values` are its scores for x and y.
    private func record(
        _ model: ModelIdentity?, _ values: [Double], targets: [[Int]?] = [[0], [0], [0], [0]],
        labels: [String] = ["x", "y"], thresholds: [Double] = [0.5], digests: [String]? = nil
    ) throws -> EvaluationRecord {
        try .measure(
            title: "t", model: model, scores: Scores(names: names, labels: labels, values: values),
            truth: Truth(names: names, labels: labels, targets: targets), thresholds: thresholds,
            pixelDigests: digests)
    }

    private func verdict(
        _ record: EvaluationRecord, against baseline: EvaluationRecord, _ metric: Rule.Metric, _ bound: Rule.Bound,
        expect: [GoldenSet.Expectation] = [], exclusive: [String] = [], average: String? = nil
    ) -> Verdict {
        let golden = GoldenSet(
            name: "g", imageFolder: ".", images: Array(record.images.map(\.name)), expectations: expect,
            exclusive: exclusive, rules: [Rule(metric: metric, average: average, bound: bound)])
        return Gate.judge(record: record, golden: golden, baseline: baseline).verdict
    }

    private let right = [0.9, 0.1, 0.9, 0.1, 0.9, 0.1, 0.9, 0.1]
    private let worse = [0.9, 0.1, 0.9, 0.8, 0.9, 0.1, 0.2, 0.1]

    @Test func expectationsAndContradictionsMayDropToo() throws {
        let (before, after) = (try record(old, right), try record(new, worse))
        let expect = [GoldenSet.Expectation(match: "*", must: ["x"])]
        func outcome(_ metric: Rule.Metric, _ drop: Double, _ baseline: EvaluationRecord) -> Verdict.Outcome {
            verdict(after, against: baseline, metric, .maxDrop(drop), expect: expect, exclusive: ["y"]).outcome
        }
        #expect(outcome(.expectations, 0.24, before) == .failed)
        #expect(outcome(.expectations, 0.25, before) == .passed)
        #expect(outcome(.contradictions, 0, before) == .failed)
        #expect(outcome(.contradictions, 1, before) == .passed)
        // The other way round nothing became worse.
        let better = verdict(before, against: after, .expectations, .maxDrop(0), expect: expect)
        #expect(better.outcome == .passed && better.rules[0].value == 1)
        // A baseline may have its labels in another order.
        let turned = try record(
            old, [0.1, 0.9, 0.1, 0.9, 0.1, 0.9, 0.1, 0.9], targets: [[1], [1], [1], [1]], labels: ["y", "x"])
        #expect(outcome(.expectations, 0.24, turned) == .failed && outcome(.contradictions, 0, turned) == .failed)
        #expect(verdict(after, against: turned, .newlyBroken, .atMost(1)).rules[0].value == 2)
    }

    @Test func aBaselineOfOtherTruthDecidesNothing() throws {
        let after = try record(new, worse)
        func result(_ baseline: EvaluationRecord) -> RuleResult {
            verdict(after, against: baseline, .accuracyMulti, .maxDrop(0.05)).rules[0]
        }
        #expect(result(try record(old, right)).outcome == .failed)
        // With wrong labels the earlier model was no better, and its successor would pass.
        let flipped = result(try record(old, right, targets: [[1], [0], [0], [0]]))
        #expect(flipped.outcome == .inconclusive && flipped.reason.contains("different truth"), "\(flipped.reason)")
        #expect(flipped.reason.contains("'0.jpg'"), "\(flipped.reason)")
        #expect(result(try record(old, right, targets: [nil, [0], [0], [0]])).outcome == .inconclusive)
        #expect(result(try record(old, right, labels: ["x", "z"])).outcome == .inconclusive)
        let (pictures, others) = (["a", "b", "c", "d"], ["a", "b", "c", "e"])
        let seen = verdict(
            try record(new, worse, digests: pictures), against: try record(old, right, digests: others),
            .accuracyMulti, .maxDrop(1))
        #expect(seen.outcome == .inconclusive && seen.rules[0].reason.contains("different pictures"))
    }

    /// Predictions carry no model that could be told from another: the scores have to.
    @Test func predictionsAreNoBaselineOfThemselves() throws {
        func outcome(_ a: ModelIdentity?, _ b: ModelIdentity?, _ values: [Double], threshold: Double = 0.5) throws
            -> Verdict.Outcome
        {
            verdict(
                try record(a, worse), against: try record(b, values, thresholds: [threshold]), .accuracyMulti,
                .maxDrop(1)
            ).outcome
        }
        #expect(try outcome(nil, nil, worse) == .inconclusive)
        #expect(try outcome(new, nil, worse) == .inconclusive)
        #expect(try outcome(nil, new, worse) == .inconclusive)
        #expect(try outcome(nil, nil, right) == .passed)
        #expect(try outcome(nil, nil, worse, threshold: 0.6) == .passed, "other thresholds are other decisions")
        // Two models that are known to be two may agree on every image.
        #expect(try outcome(new, old, worse) == .passed)
        #expect(try outcome(new, new, worse) == .inconclusive)
    }

    /// k of 100 images fewer are k hundredths, whatever the subtraction of two quotients gives.
    @Test func aDropOfTheBoundPasses() throws {
        func record(_ model: ModelIdentity, _ hits: Int) throws -> EvaluationRecord {
            let names = (0..<100).map { "\($0)" }
            return try .measure(
                title: "t", model: model,
                scores: Scores(names: names, labels: ["x"], values: names.indices.map { $0 < hits ? 0.9 : 0.1 }),
                truth: Truth(names: names, labels: ["x"], targets: names.map { _ in [0] }), thresholds: [0.5])
        }
        let records = try (0...100).map { (old: try record(old, $0), new: try record(new, $0)) }
        for before in stride(from: 3, through: 100, by: 4) {
            for drop in 1...3 {
                let (a, b) = (records[before].old, records[before - drop].new)
                for (metric, average) in [
                    (Rule.Metric.exactMatch, String?.none), (.recall, "macro"), (.hammingLoss, nil),
                ] {
                    let bound = Double(drop) / 100
                    let met = verdict(b, against: a, metric, .maxDrop(bound), average: average).rules[0]
                    #expect(met.outcome == .passed, "\(before) to \(before - drop): \(met.reason)")
                    let missed = verdict(b, against: a, metric, .maxDrop(bound - 1e-9), average: average)
                    #expect(missed.outcome == .failed, "\(before) to \(before - drop)")
                }
            }
        }
    }
}
