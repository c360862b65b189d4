import Evaluation
import Foundation
import Testing

@Suite struct TableMatchingTests {
    private func measure(_ names: [String], missing: Bool = false, extra: Bool = false) throws -> (
        record: EvaluationRecord, remarks: [String]
    ) {
        var rules = MatchingRules()
        (rules.allowsMissing, rules.allowsExtra) = (missing, extra)
        var remarks: [String] = []
        let values = names.flatMap { $0 == "a" ? [0.9, 0.1] : [0.2, 0.8] }
        let table = LabelTable(rows: [.init(name: "a", labels: ["x"]), .init(name: "b", labels: ["y"])])
        let record = try EvaluationRecord.measure(
            title: "t", predictions: ScoreTable(Scores(names: names, labels: ["x", "y"], values: values)),
            from: "p.csv", labels: table, thresholds: [0.5], rules: rules
        ) { remarks.append($0) }
        return (record, remarks)
    }

    @Test func imagesAreMatchedByName() throws {
        let (record, remarks) = try measure(["b", "a"])
        #expect(record.images.map(\.name) == ["a", "b"] && record.figures.exactMatch == 1)
        #expect(remarks.isEmpty && record.leftOut == nil)
    }

    @Test func whatIsMissingOrExtraIsNamedAndRefusedUnlessAllowed() throws {
        for (names, word) in [(["a"], "1 without predictions: 'b'"), (["a", "b", "c"], "file lacks: 'c'")] {
            let error = #expect(throws: InputError.self) { try measure(names) }
            #expect(error?.description.contains(word) == true, "\(error?.description ?? "")")
        }
        #expect(throws: InputError.self) { try measure(["a", "c"], missing: true) }
        #expect(throws: InputError.self) { try measure(["a", "c"], extra: true) }
        #expect(throws: InputError.self) { try measure(["c"], missing: true, extra: true) }
        let (record, remarks) = try measure(["c", "a", "d"], missing: true, extra: true)
        #expect(record.images.map(\.name) == ["a"] && record.images[0].scores == [0.9, 0.1])
        #expect(record.leftOut?.missingImages == 1 && record.leftOut?.extraImages == 2)
        #expect(remarks.count == 2 && remarks[1].contains("'c', 'd'"))
        #expect(try MetricsFile.json(record).contains("\"extra_images\" : 2"))
    }

    /// "\u{e9}" composed and decomposed look alike in every message.
    @Test func namesThatDifferByUnicodeFormAloneAreSaidTo() throws {
        let table = LabelTable(rows: [.init(name: "caf\u{e9}.jpg", labels: ["x"])])
        func words(_ name: String) throws -> String {
            let scores = try ScoreTable(Scores(names: [name], labels: ["x"], values: [0.9]))
            let error = #expect(throws: InputError.self) {
                try EvaluationRecord.measure(
                    title: "t", predictions: scores, from: "p", labels: table, thresholds: [0.5],
                    rules: MatchingRules()
                ) { _ in }
            }
            return error?.description ?? ""
        }
        #expect(try words("cafe\u{301}.jpg").contains("(Unicode NFC) and decomposed"))
        #expect(try !words("cafe.jpg").contains("Unicode"))
    }

    @Test func aLabelThatPredictionsLackIsRefusedUnlessAllowed() throws {
        let scores = try ScoreTable(Scores(names: ["a"], labels: ["x"], values: [0.9]))
        let table = LabelTable(rows: [.init(name: "a", labels: ["x", "z"])])
        var rules = MatchingRules()
        func measure() throws -> EvaluationRecord {
            try .measure(
                title: "t", predictions: scores, from: "p", labels: table, thresholds: [0.5], rules: rules
            ) { _ in }
        }
        let error = #expect(throws: InputError.self) { try measure() }
        #expect(error?.description.contains("'z'") == true)
        rules.allowsMissing = true
        #expect(try measure().leftOut?.missingLabels == 1)
    }
}

@Suite struct LongPredictionsTests {
    private func parse(_ rows: String) throws -> Scores {
        try Predictions.parse(Array("score,fname,label\n\(rows)".utf8), named: "p.csv")
    }

    @Test func pairsMayComeInAnyOrder() throws {
        let scores = try parse("0.1,a,x\n0.4,b,y\n0.2,a,y\n0.3,b,x\n")
        #expect(scores.names == ["a", "b"] && scores.labels == ["x", "y"] && scores.values == [0.1, 0.2, 0.3, 0.4])
    }

    @Test(arguments: [
        ("0.1,a,x\n0.2,a,x\n", "p.csv:3"), ("0.1,a,x\n0.1,a,y\n0.1,b,x\n", "'b, y'"),
        ("0.1,a,x\nnan,a,y\n", "p.csv:3, column 'score'"), ("2,a,x\n", "p.csv:2"), ("", "no rows"),
    ])
    func otherTablesAreRefused(_ rows: String, _ word: String) {
        let error = #expect(throws: InputError.self) { try parse(rows) }
        #expect(error?.description.contains(word) == true, "\(error?.description ?? "")")
    }
}
