import Evaluation
import Testing

@Suite struct RuleFigureTests {
    private let names = ["A/0.jpg", "A/1.jpg", "B/2.jpg", "B/3.jpg"]

    private func results(_ targets: [[Int]?], _ rules: [Rule]) throws -> [RuleResult] {
        let golden = GoldenSet(
            name: "g", imageFolder: ".", images: names, expectations: [.init(match: "**", mustNot: ["y"])],
            rules: rules)
        let record = try EvaluationRecord.measure(
            title: "t",
            scores: Scores(names: names, labels: ["x", "y"], values: [0.9, 0.1, 0, 0, 0.9, 0.1, 0.9, 0.1]),
            truth: Truth(names: names, labels: ["x", "y"], targets: targets), thresholds: [0.5],
            slices: golden.slices)
        return Gate.judge(record: record, golden: golden).verdict.rules
    }

    /// Whether anything is predicted needs no truth, so that images without it count.
    @Test(arguments: [[nil, nil, nil, nil], [[0], nil, nil, nil], [[0], [0], [0], [0]]] as [[[Int]?]])
    func imagesWithoutLabelsCountAsNotPredicted(_ targets: [[Int]?]) throws {
        let found = try results(
            targets,
            [
                Rule(metric: .noPredictionCount, bound: .atMost(0)),
                Rule(metric: .noPredictionRate, bound: .atMost(0.25)),
                Rule(metric: .noPredictionRate, slice: "A", bound: .atMost(0.4)),
                Rule(metric: .noPredictionCount, slice: "B", bound: .atMost(0)),
                Rule(metric: .noPredictionCount, slice: "C", bound: .atMost(0)),
                Rule(metric: .noPredictionRate, bound: .atMost(0.9), confidence: 0.95),
            ])
        #expect(found.map(\.value) == [1, 0.25, 0.5, 0, nil, 0.25])
        #expect(found.map(\.outcome) == [.failed, .passed, .failed, .passed, .inconclusive, .passed])
    }

    @Test func figuresOfTruthStillNeedIt() throws {
        let rules = [
            Rule(metric: .accuracyMulti, bound: .atLeast(0)), Rule(metric: .loss, slice: "A", bound: .atMost(9)),
        ]
        #expect(try results([nil, nil, nil, nil], rules).map(\.outcome) == [.inconclusive, .inconclusive])
    }
}
