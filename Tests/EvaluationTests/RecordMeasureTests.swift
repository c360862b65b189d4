import Evaluation
import Foundation
import Testing

struct MetricsFixture: Codable {
    struct Label: Codable { var precision, recall, f1, averagePrecision, rocAUC, brier: Double? }
    struct Case: Codable {
        var rows, labels: Int
        var scores: [Double]
        var threshold: Double
        var truth: [Int]
        var perLabel: [Label]
        var averaged: [String: [Double?]]
        var loss, accuracyMulti, exactMatch, hammingLoss, meanAveragePrecision: Double?

        func record() throws -> EvaluationRecord {
            let names = (0..<rows).map { "image\($0)" }
            let vocab = (0..<labels).map { "label\($0)" }
            let targets = (0..<rows).map { row in (0..<labels).filter { truth[row * labels + $0] == 1 } }
            return try .measure(
                title: "case", scores: Scores(names: names, labels: vocab, values: scores),
                truth: Truth(names: names, labels: vocab, targets: targets), thresholds: [threshold])
        }
    }
    struct Bounds: Codable { var hits, count: Int, confidence, low, high: Double }
    var cases: [Case]
    var intervals: [Bounds]

    static func read(_ file: String = #filePath) throws -> MetricsFixture {
        let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .custom { path in
            let name = path[path.count - 1].stringValue
            return FixtureKey(stringValue: ["roc_auc": "rocAUC"][name] ?? FixtureKey.camel(name))
        }
        return try decoder.decode(
            MetricsFixture.self, from: Data(contentsOf: folder.appendingPathComponent("Fixtures/metrics.json")))
    }
}

/// A key of the fixture, which Python wrote in its own case.
struct FixtureKey: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }

    static func camel(_ name: String) -> String {
        let parts = name.split(separator: "_").map(String.init)
        return parts.prefix(1).joined() + parts.dropFirst().map(\.capitalized).joined()
    }
}

/// Equal to 1e-12, or both undefined.
func agrees(_ a: Double?, _ b: Double?) -> Bool {
    guard let a, let b else { return a == nil && b == nil }
    return abs(a - b) <= 1e-12
}

@Suite struct RecordMeasureTests {
    @Test(arguments: 0..<12)
    func figuresAgreeWithScikitLearn(_ index: Int) throws {
        let expected = try MetricsFixture.read().cases[index]
        let record = try expected.record()
        let f = record.figures
        for (ours, theirs) in zip(record.perLabel, expected.perLabel) {
            #expect(agrees(ours.precision, theirs.precision))
            #expect(agrees(ours.recall, theirs.recall))
            #expect(agrees(ours.f1, theirs.f1))
            #expect(agrees(ours.averagePrecision, theirs.averagePrecision))
            #expect(agrees(ours.rocAUC, theirs.rocAUC))
            #expect(agrees(ours.brier, theirs.brier))
        }
        for (kind, ours) in [("micro", f.micro), ("macro", f.macro), ("weighted", f.weighted)] {
            guard expected.labels > 1 else { continue }
            let theirs = try #require(expected.averaged[kind])
            #expect(agrees(ours.precision, theirs[0]), "\(kind) precision")
            #expect(agrees(ours.recall, theirs[1]), "\(kind) recall")
            #expect(agrees(ours.f1, theirs[2]), "\(kind) F1")
        }
        #expect(agrees(f.loss, expected.loss))
        #expect(agrees(f.accuracyMulti, expected.accuracyMulti))
        #expect(agrees(f.exactMatch, expected.exactMatch))
        #expect(agrees(f.hammingLoss, expected.hammingLoss))
        #expect(agrees(f.meanAveragePrecision, expected.meanAveragePrecision))
    }

    @Test(arguments: 0..<12)
    func theThresholdCurveIsExact(_ index: Int) throws {
        var fixture = try MetricsFixture.read().cases[index]
        for point in try fixture.record().thresholdCurve {
            fixture.threshold = point.threshold
            let there = try fixture.record().figures
            #expect(agrees(point.accuracyMulti, there.accuracyMulti))
            #expect(agrees(point.macroF1, there.macro.f1))
        }
    }

    @Test(arguments: 0..<12)
    func noThresholdBeatsTheBest(_ index: Int) throws {
        var fixture = try MetricsFixture.read().cases[index]
        let record = try fixture.record()
        for (label, figures) in record.perLabel.enumerated() {
            guard let best = figures.bestThreshold else {
                #expect(figures.support == 0)
                continue
            }
            fixture.threshold = best
            let top = try #require(try fixture.record().perLabel[label].f1)
            for other in stride(from: 0.0, through: 0.99, by: 0.03) {
                fixture.threshold = other
                #expect((try fixture.record().perLabel[label].f1 ?? 0) <= top + 1e-12)
            }
        }
    }

    @Test func aLabelIsPredictedStrictlyAboveItsThreshold() throws {
        let scores = try Scores(names: ["a"], labels: ["x", "y"], values: [0.5, 0.500001])
        let truth = try Truth(names: ["a"], labels: ["x", "y"], targets: [[1]])
        let record = try EvaluationRecord.measure(title: "t", scores: scores, truth: truth, thresholds: [0.5])
        #expect(record.images[0].predicted == [1])
        #expect(record.figures.exactMatch == 1)
    }

    @Test func undefinedFiguresAreNull() throws {
        let scores = try Scores(names: ["a", "b"], labels: ["x"], values: [0.1, 0.2])
        let truth = try Truth(names: ["a", "b"], labels: ["x"], targets: [[], []])
        let record = try EvaluationRecord.measure(title: "t", scores: scores, truth: truth, thresholds: [0.5])
        #expect(record.perLabel[0].recall == nil && record.perLabel[0].averagePrecision == nil)
        #expect(record.figures.meanAveragePrecision == nil && record.figures.macro.f1 == nil)
        #expect(record.figures.noPredictionCount == 2)
        let json = try MetricsFile.json(record)
        #expect(json.contains("\"mean_average_precision\" : null"))
        #expect(json.contains("\"roc_auc\" : null"))
    }

    @Test func partlyKnownImagesAreListedAndNotCounted() throws {
        let scores = try Scores(names: ["a", "b"], labels: ["x"], values: [0.9, 0.9])
        let truth = try Truth(names: ["b", "a"], labels: ["x"], targets: [nil, [0]])
        let record = try EvaluationRecord.measure(title: "t", scores: scores, truth: truth, thresholds: [0.5])
        #expect(record.figures.count == 1 && record.images.count == 2 && record.topLosses == [1])
    }

    @Test func everyImageIsRankedByLossAndThenByName() throws {
        let names = (0..<100).map { "image \((37 * $0) % 100)" }
        let values = names.indices.map { $0 % 3 == 0 ? 0.5 : $0 % 3 == 1 ? 0.25 : 0.125 }
        let record = try EvaluationRecord.measure(
            title: "t", scores: Scores(names: names, labels: ["x"], values: values),
            truth: Truth(names: names, labels: ["x"], targets: names.map { _ in [] }), thresholds: [0.5])
        let ranked = try CSV(Array(RecordFile.topLossesCSV(record).utf8), named: "top_losses.csv").rows.map { $0[1] }
        let expected = [0.5, 0.25, 0.125].flatMap { value in
            names.indices.filter { values[$0] == value }.map { names[$0] }.sorted()
        }
        #expect(ranked == expected)
    }

    @Test func badInputIsRefused() throws {
        let scores = try Scores(names: ["a"], labels: ["x"], values: [0.9])
        let truth = try Truth(names: ["a"], labels: ["x"], targets: [[0]])
        for thresholds in [[1.5], [.nan], [0.5, 0.5], []] {
            #expect(throws: InputError.self) {
                try EvaluationRecord.measure(title: "t", scores: scores, truth: truth, thresholds: thresholds)
            }
        }
        #expect(throws: InputError.self) { try Scores(names: ["a"], labels: ["x"], values: [.nan]) }
        #expect(throws: InputError.self) { try Scores(names: ["a", "a"], labels: ["x"], values: [0, 0]) }
        let other = try Truth(names: ["b"], labels: ["x"], targets: [[0]])
        let error = #expect(throws: InputError.self) {
            try EvaluationRecord.measure(title: "t", scores: scores, truth: other, thresholds: [0.5])
        }
        #expect(error?.description.contains("'b'") == true && error?.description.contains("'a'") == true)
    }

    @Test func recordsReadBack() throws {
        let record = try MetricsFixture.read().cases[3].record()
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("record-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try FileBytes.write(RecordFile.json(record), to: folder + "/record.json")
        #expect(try RecordFile.read(folder) == record)
        try FileBytes.write("{}", to: folder + "/record.json")
        #expect(throws: InputError.self) { try RecordFile.read(folder) }
    }

    @Test func metricsHaveTheNamesScriptsReadAndTopLossesTheColumns() throws {
        let record = try MetricsFixture.read().cases[2].record()
        let object = try JSONSerialization.jsonObject(with: Data(MetricsFile.json(record).utf8)) as? [String: Any]
        let keys = [
            "count", "labels", "threshold", "loss", "accuracy_multi", "exact_match", "hamming_loss", "micro", "macro",
            "weighted",
            "samples", "mean_average_precision", "macro_roc_auc", "no_prediction_count", "per_label", "confusion",
        ]
        for key in keys { #expect(object?[key] != nil, "\(key)") }
        let label = (object?["per_label"] as? [[String: Any]])?.first
        for key in [
            "label", "support", "tp", "fp", "fn", "tn", "precision", "ece", "best_threshold", "brier", "roc_auc",
        ] {
            #expect(label?[key] != nil, "\(key)")
        }
        let table = try CSV(Array(RecordFile.topLossesCSV(record).utf8), named: "top_losses.csv")
        #expect(Array(table.header.prefix(5)) == ["rank", "fname", "target", "predicted", "loss"])
        let losses = table.rows.compactMap { Double($0[4]) }
        #expect(losses == losses.sorted(by: >) && losses.count == record.images.count)
    }

    /// Whatever labels are called, a table has no two columns of one name.
    @Test func labelsCalledLikeColumnsAreToldApart() throws {
        let labels = ["fname2", "loss", "rank"]
        let record = try EvaluationRecord.measure(
            title: "t", scores: Scores(names: ["a"], labels: labels, values: [0.1, 0.2, 0.7]),
            truth: Truth(names: ["a"], labels: labels, targets: [[1]]), thresholds: [0.5, 0.5, 0.5])
        let text = try RecordFile.topLossesCSV(record)
        #expect(
            text.split(separator: "\n").first
                == "rank,fname,target,predicted,loss,fname2,label loss,label rank")
    }
}
