import Evaluation
import Foundation
import Testing

/// Labels that predictions and truth do not share: all named.
@Suite struct LabelMatchingTests {
    private func input(
        _ labels: [String], _ rows: [(String, [String])], vocab: [String] = [], missing: Bool = false,
        extra: Bool = false, thresholds: [Double] = [0.5]
    ) throws -> (input: EvaluationInput, remarks: [String]) {
        var rules = MatchingRules()
        (rules.allowsMissing, rules.allowsExtra) = (missing, extra)
        var remarks: [String] = []
        let names = rows.map(\.0)
        let values = names.indices.flatMap { row in
            labels.indices.map { Double(row * labels.count + $0) / Double(names.count * labels.count) }
        }
        let input = try EvaluationInput(
            title: "t", predictions: ScoreTable(Scores(names: names, labels: labels, values: values)), from: "p.csv",
            labels: LabelTable(rows: rows.map { .init(name: $0, labels: $1) }, source: "l.csv"), vocab: vocab,
            thresholds: thresholds, rules: rules
        ) { remarks.append($0) }
        return (input, remarks)
    }

    private func refusal(
        _ labels: [String], _ rows: [(String, [String])], vocab: [String] = [], missing: Bool = false,
        extra: Bool = false
    ) -> String {
        let error = #expect(throws: InputError.self) {
            try input(labels, rows, vocab: vocab, missing: missing, extra: extra)
        }
        return error?.description ?? ""
    }

    @Test func everyStrangerIsNamedOnBothSides() {
        let text = refusal(["x", "u", "v"], [("a", ["x", "w"]), ("b", ["y"])])
        for word in [
            "p.csv, l.csv", "2 without predictions: 'w', 'y'", "2 that the labels file lacks: 'u', 'v'",
            "--allow-missing",
        ] { #expect(text.contains(word), "\(text)") }
        let many = (0..<30).map { "label\($0 + 10)" }
        #expect(refusal(["x"], [("a", ["x"] + many)]).contains("'label29' and 10 more"))
        #expect(!refusal(["x", "u"], [("a", ["x", "w"])], extra: true).contains("'u'"))
        #expect(refusal(["u"], [("a", ["w"])], missing: true, extra: true).contains("no label has both"))
    }

    /// Cells that were read as one label each are the usual reason for strangers.
    @Test func anotherDelimiterIsRecognised() {
        let cells = [("a", ["x,y"]), ("b", ["y"]), ("c", ["x, y"])]
        #expect(refusal(["x", "y"], cells).contains("--label-delimiter ','"))
        #expect(refusal(["x", "y"], [("a", ["x y"])]).contains("--label-delimiter ' '"))
        #expect(!refusal(["x", "y"], cells + [("d", ["w"])]).contains("--label-delimiter"))
        #expect(!refusal(["x", "y"], [("a", ["x,w"])]).contains("--label-delimiter"))
    }

    @Test func whatIsLeftOutIsSaidAndKeptInTheRecord() throws {
        let (input, remarks) = try input(
            ["u", "x", "v", "y"], [("a", ["x", "w"]), ("b", ["y"])], missing: true, extra: true,
            thresholds: [0.1, 0.2, 0.3, 0.4])
        #expect(input.scores.labels == ["x", "y"] && input.truth.labels == ["x", "y"])
        #expect(input.thresholds == [0.2, 0.4], "each label keeps its own")
        #expect(input.scores.columns[0] == [0.125, 0.375] && input.scores.columns[1] == [0.625, 0.875])
        #expect(remarks.count == 2 && remarks.first?.contains("1 label without predictions: 'w'") == true)
        #expect(remarks.last?.contains("2 predicted labels that the labels file lacks: 'u', 'v'") == true)
        let record = try input.measure()
        #expect(record.leftOut?.extraLabelNames == ["u", "v"] && record.leftOut?.missingLabelNames == ["w"])
        let metrics = try MetricsFile.json(record)
        #expect(metrics.contains("\"extra_labels\" : 2") && metrics.contains("\"extra_label_names\""))
    }

    /// A small table often lacks a model's rarest labels.
    @Test func aPredictedLabelThatNoRowCarriesIsMeasuredAndNamed() throws {
        let (input, remarks) = try input(["x", "u", "w"], [("a", ["x"]), ("b", [])])
        #expect(input.scores.labels == ["x", "u", "w"] && input.leftOut == nil)
        #expect(remarks.count == 1 && remarks[0].contains("2 predicted labels that the labels file lacks: 'u', 'w'"))
        #expect(remarks[0].contains("--allow-extra"))
        let record = try input.measure()
        #expect(record.perLabel[1].support == 0 && record.perLabel[1].recall == nil)
        #expect(record.withoutPositives?.contains("'u'") == true)
        // Rows without any label say nothing against the predictions' labels; wholly different ones do.
        #expect(try self.input(["x"], [("a", []), ("b", [])]).remarks.count == 1)
        #expect(refusal(["u"], [("a", ["w"])], missing: true).contains("no label has both"))
        #expect(refusal(["u"], [("a", [])], extra: true).contains("no label is left"))
    }

    /// A label is known to exist from a row of any image, or from a vocab; then it is measured, without positives.
    @Test func aKnownLabelMayHaveNoPositives() throws {
        let record = try input(["x", "z"], [("a", ["x"]), ("b", [])], vocab: ["x", "z"]).input.measure()
        #expect(record.labels == ["x", "z"] && record.perLabel[1].support == 0 && record.leftOut == nil)
        #expect(record.perLabel[1].recall == nil && record.perLabel[1].averagePrecision == nil)
        #expect(record.perLabel[1].bestThreshold == nil)
        #expect(record.withoutPositives?.contains("'z'") == true)
        #expect(refusal(["x"], [("a", ["x"])], vocab: ["x", "z"]).contains("1 without predictions: 'z'"))
        // The image that carries it has no predictions.
        var rules = MatchingRules()
        rules.allowsMissing = true
        let split = try EvaluationInput(
            title: "t", predictions: ScoreTable(Scores(names: ["a"], labels: ["x", "z"], values: [0.9, 0.1])),
            from: "p.csv",
            labels: LabelTable(rows: [.init(name: "a", labels: ["x"]), .init(name: "b", labels: ["z"])]),
            thresholds: [0.5], rules: rules
        ) { _ in }.measure()
        #expect(split.labels == ["x", "z"] && split.perLabel[1].support == 0 && split.leftOut?.missingImages == 1)
    }

    @Test func aModelsLabelsAllExist() throws {
        let table = LabelTable(rows: [.init(name: "a", labels: ["x", "w", "y"])], source: "l.csv")
        let error = #expect(throws: InputError.self) { try TruthTable.matching(table, model: ["x", "z"]) }
        #expect(error?.description.contains("2 without predictions: 'w', 'y'") == true)
        #expect(error?.description.contains("'z'") == false)
        let (truth, leftOut) = try TruthTable.matching(table, model: ["x", "z"], allowsMissing: true)
        #expect(truth.labels == ["x", "z"] && truth.targets[0] == [0] && leftOut?.missingLabelNames == ["w", "y"])
        let unknown = #expect(throws: InputError.self) { try TruthTable(table, labels: ["x", "z"]) }
        #expect(unknown?.description.contains("2 unknown labels, first of 'a'") == true)
        #expect(unknown?.description.contains("'w', 'y'") == true)
    }

    @Test func earlierRecordsHaveThreeCounts() throws {
        let old = "{\"missing_images\": 1, \"extra_images\": 2, \"missing_labels\": 3}"
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let leftOut = try decoder.decode(LeftOut.self, from: Data(old.utf8))
        #expect(leftOut.missingImages == 1 && leftOut.extraImages == 2 && leftOut.missingLabels == 3)
        #expect(leftOut.extraLabels == 0 && leftOut.extraLabelNames.isEmpty && leftOut.sentences.count == 3)
    }
}
