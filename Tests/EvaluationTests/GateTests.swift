import Evaluation
import Foundation
import Testing

@Suite struct GateTests {
    private let model = ModelIdentity(name: "m", digests: ["model.safetensors": "ab"])

    /// Four images, two labels; image 3 is called wrongly.
    private func record(
        model: ModelIdentity?, digests: [String] = ["1", "2", "3", "4"],
        values: [Double] = [0.9, 0.1, 0.2, 0.8, 0.9, 0.1, 0.9, 0.1]
    ) throws -> EvaluationRecord {
        let names = ["A/0.jpg", "A/1.jpg", "B/2.jpg", "B/3.jpg"]
        return try .measure(
            title: "t", model: model, scores: Scores(names: names, labels: ["x", "y"], values: values),
            truth: Truth(names: names, labels: ["x", "y"], targets: [[0], [1], [0], [1]]), thresholds: [0.5],
            slices: ["A": [0, 1], "B": [2, 3]], pixelDigests: digests)
    }

    private func golden(_ rules: [Rule], expect: [GoldenSet.Expectation] = [], exclusive: [String] = []) -> GoldenSet {
        GoldenSet(
            name: "g", imageFolder: ".", images: ["A/0.jpg", "A/1.jpg", "B/2.jpg", "B/3.jpg"], expectations: expect,
            exclusive: exclusive, rules: rules)
    }

    private func rule(_ text: String) throws -> Rule {
        try GoldenSetParserAccess.rules("version: 1\nrules:\n  - {\(text)}\n")[0]
    }

    @Test func aLabelThatTheModelLacksIsFoundWhereverItStands() throws {
        typealias Expectation = GoldenSet.Expectation
        for golden in [
            golden([], expect: [Expectation(match: "*", must: ["z"])]),
            golden([], expect: [Expectation(match: "*", mustNot: ["x", "z"])]), golden([], exclusive: ["y", "z"]),
            golden([try rule("metric: recall, label: z, at_least: 0.5")]),
        ] {
            #expect(golden.unknownLabels(among: ["x", "y"]).map(\.label) == ["z"])
            #expect(golden.unknownLabels(among: ["x", "y", "z"]).isEmpty)
        }
    }

    private func outcome(_ text: String) throws -> Verdict.Outcome {
        Gate.judge(record: try record(model: model), golden: golden([try rule(text)])).verdict.outcome
    }

    @Test(arguments: [
        ("metric: accuracy_multi, at_least: 0.75", Verdict.Outcome.passed),
        ("metric: accuracy_multi, at_least: 0.7500001", .failed),
        ("metric: recall, label: x, at_least: 1.0", .passed),
        ("metric: recall, label: x, at_least: 0.9, confidence: 0.95", .failed),
        ("metric: recall, label: y, at_least: 0.6", .failed),
        ("metric: f1, average: macro, slice: A, at_least: 1", .passed),
        ("metric: hamming_loss, at_most: 0.25", .passed),
        ("metric: no_prediction_count, at_most: 0", .passed),
        ("metric: recall, label: z, at_least: 0", .inconclusive),
        ("metric: recall, label: x, slice: C, at_least: 0", .inconclusive),
        ("metric: accuracy_multi, max_drop: 0.5", .inconclusive),
        ("metric: newly_broken, at_most: 9", .inconclusive),
        ("metric: contradictions, at_most: 9", .inconclusive),
        ("metric: expectations, at_least: 0", .inconclusive),
    ])
    func rulesJudge(_ text: String, _ expected: Verdict.Outcome) throws {
        #expect(try outcome(text) == expected, "\(text)")
    }

    @Test(arguments: [
        ("metric: accuracy_multi, at_least: 0.70", "pass  accuracy_multi >= 0.7: 0.75"),
        ("metric: accuracy_multi, at_least: 0.7500001", "FAIL  accuracy_multi >= 0.7500001: 0.75 is below 0.7500001"),
        ("metric: no_prediction_count, at_most: 2", "pass  no_prediction_count <= 2: 0"),
        ("metric: recall, label: z, at_least: 0", "open  recall of z >= 0: "),
        (
            "metric: recall, label: x, at_least: 0.9, confidence: 0.95",
            "FAIL  recall of x >= 0.9 (95% confidence): 0.158114, the interval's end about 1, is below 0.9"
        ),
    ])
    func rulesAreToldInSentences(_ text: String, _ expected: String) throws {
        let verdict = Gate.judge(record: try record(model: model), golden: golden([try rule(text)])).verdict
        #expect(VerdictFiles.lines(verdict)[0].hasPrefix(expected), "\(VerdictFiles.lines(verdict)[0])")
    }

    @Test func onlyAPassOnAKnownModelMayExport() throws {
        let demand = [try rule("metric: exact_match, at_least: 0.5")]
        let judged = Gate.judge(record: try record(model: model), golden: golden(demand))
        #expect(judged.pass?.model == model && judged.verdict.outcome.exitCode == 0)
        #expect(Gate.judge(record: try record(model: nil), golden: golden(demand)).pass == nil)
        let harder = [try rule("metric: exact_match, at_least: 0.8")]
        let failed = Gate.judge(record: try record(model: model), golden: golden(harder))
        #expect(failed.pass == nil && failed.verdict.outcome.exitCode == 1)
    }

    @Test func nothingPassesByAccident() throws {
        let demand = [try rule("metric: exact_match, at_least: 0")]
        func outcome(_ golden: GoldenSet, trainedOn: TrainingImages = .unknown) throws -> Verdict.Outcome {
            Gate.judge(record: try record(model: model), golden: golden, trainedOn: trainedOn).verdict.outcome
        }
        #expect(try outcome(golden(demand)) == .passed)
        #expect(try outcome(golden([])) == .inconclusive)
        #expect(try outcome(golden(demand), trainedOn: .known(["3"])) == .inconclusive)
        #expect(try outcome(golden(demand), trainedOn: .known(["9"])) == .passed)
        #expect(try outcome(golden(demand), trainedOn: .lost("the list is missing")) == .inconclusive)
        let undigested = try record(model: model, digests: ["1", "2", "", "4"])
        #expect(
            Gate.judge(record: undigested, golden: golden(demand), trainedOn: .known(["9"])).verdict.outcome
                == .inconclusive)
        #expect(try outcome(golden(demand, expect: [.init(match: "C/*", must: ["x"])])) == .inconclusive)
        #expect(try outcome(golden(demand, expect: [.init(match: "A/*", mustNot: ["q"])])) == .inconclusive)
        #expect(try outcome(golden(demand, exclusive: ["q"])) == .inconclusive)
        var other = golden(demand)
        other.images.append("A/9.jpg")
        #expect(try outcome(other) == .inconclusive)
        other.images = []
        #expect(try outcome(other) == .inconclusive)
    }

    @Test func aVerdictSaysWhatItDoesNotKnowOfTheTraining() throws {
        let demand = [try rule("metric: exact_match, at_least: 0")]
        func notes(_ trainedOn: TrainingImages) throws -> [String] {
            Gate.judge(record: try record(model: model), golden: golden(demand), trainedOn: trainedOn).verdict.notes
        }
        #expect(try notes(.known(["9"])).isEmpty)
        #expect(try notes(.unknown).contains { $0.contains("unknown") })
        #expect(try notes(.known(["9"], startedFrom: "w.safetensors")).contains { $0.contains("'w.safetensors'") })
    }

    @Test func expectationsAndExclusiveLabelsAreCounted() throws {
        let expect: [GoldenSet.Expectation] = [
            .init(match: "A/*", mustNot: ["y"]), .init(match: "B/3.jpg", none: true),
        ]
        let demand = [try rule("metric: expectations, at_least: 0.5")]
        let verdict = Gate.judge(record: try record(model: model), golden: golden(demand, expect: expect)).verdict
        #expect(verdict.rules[0].value == 1.0 / 3 && verdict.outcome == .failed)
        #expect(verdict.brokenExpectations.map(\.image) == ["A/1.jpg", "B/3.jpg"])
        let both = try record(model: model, values: [0.9, 0.9, 0.2, 0.8, 0.9, 0.1, 0.9, 0.1])
        let contradiction = [try rule("metric: contradictions, at_most: 0")]
        #expect(Gate.judge(record: both, golden: golden(contradiction, exclusive: ["x"])).verdict.rules[0].value == 1)
    }

    @Test func baselinesMustBeOthersAndTheSameImages() throws {
        let demand = [try rule("metric: accuracy_multi, max_drop: 0.1"), try rule("metric: newly_broken, at_most: 0")]
        let old = ModelIdentity(name: "old", digests: ["model.safetensors": "cd"])
        let now = try record(model: model)
        func verdict(_ baseline: EvaluationRecord) -> Verdict {
            Gate.judge(record: now, golden: golden(demand), baseline: baseline).verdict
        }
        #expect(verdict(try record(model: old)).outcome == .passed)
        #expect(verdict(now).outcome == .inconclusive)
        let better = try record(model: old, values: [0.9, 0.1, 0.2, 0.8, 0.9, 0.1, 0.1, 0.9])
        #expect(verdict(better).rules.map(\.outcome) == [.failed, .failed])
        #expect(verdict(better).rules[1].value == 1)
        #expect(verdict(better).rules[0].reason == "0.75 is 0.25 worse than 1")
    }

    @Test func hostileNamesStayText() throws {
        var verdict = Gate.judge(record: try record(model: model), golden: golden([])).verdict
        verdict.goldenSet = "<a>\"&\n|\u{1B}[31m"
        verdict.brokenExpectations = [.init(image: "]]><x", expected: "`|", got: "\u{0}")]
        for file in try VerdictFiles.files(verdict) {
            #expect(!file.text.contains("\u{1B}"))
            if file.path == "summary.md" { #expect(!file.text.contains("<a>")) }
        }
        #expect(try VerdictFiles.files(verdict).map(\.path).contains("NOT_BLESSED"))
        let junit = try JUnitReader(verdict)
        #expect(junit.suites.map { $0["name"] } == ["<a>\"&\n|\u{FFFD}[31m"])
        #expect(junit.cases.contains { $0.name == "]]><x" })
        #expect(junit.cases.contains { $0.kind == "golden set" && $0.marks == ["error"] })
        #expect(VerdictFiles.lines(verdict).allSatisfy { !$0.contains("\u{1B}") && !$0.contains("\n") })
    }
}

/// Rules as `golden.yaml` has them, through the public reader.
enum GoldenSetParserAccess {
    static func rules(_ yaml: String) throws -> [Rule] {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("golden-\(UUID())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileBytes.write(yaml, to: folder + "/golden.yaml")
        return try GoldenSet.read(folder: folder).rules
    }
}
