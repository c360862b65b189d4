import Evaluation
import Foundation
import Testing

/// What a person reads when input cannot be used: what, where, expected, got.
@Suite struct ComplaintTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("complaint-\(UUID())").path

    private func complaint(_ body: () throws -> Void) -> InputError? {
        #expect(throws: InputError.self, performing: body)
    }

    private func isWhole(_ error: InputError?, at place: String, got: String) {
        #expect(error?.location == place && error?.expected != nil, "\(error?.description ?? "")")
        #expect(error?.got?.contains(got) == true, "\(error?.description ?? "")")
    }

    @Test(arguments: Split.Kind.allCases) func anEmptySideNamesTheTable(_ kind: Split.Kind) throws {
        let text = "fname,labels,is_valid\na,x,False\nb,x,False\n"
        let table = try LabelTable.parse(Array(text.utf8), named: "labels.csv")
        isWhole(
            complaint { _ = try Split.make(kind, table, validationShare: 0.2, seed: 1) }, at: "labels.csv",
            got: "2 for training, 0 for validation")
    }

    @Test func aSplitByAColumnThatIsNotThereNamesIt() throws {
        let table = try LabelTable.parse(Array("fname,labels\na,x\nb,x\n".utf8), named: "labels.csv")
        isWhole(
            complaint { _ = try Split.make(.column, table, validationShare: 0.2, seed: 1) }, at: "labels.csv",
            got: "no is_valid")
    }

    @Test func anImageThatIsPredictedTwiceIsNamedWithItsRow() throws {
        let text = "fname,x\na,0.5\n\"b\",1\na,0.5\n"
        isWhole(
            complaint { _ = try Predictions.parse(Array(text.utf8), named: "p.csv") }, at: "p.csv:4", got: "'a'")
    }

    @Test func aCellThatIsNoTextIsNamedWithItsRow() {
        for (bytes, got) in [([0x61, 0xFF], "a\u{FFFD}"), ([0x61, 0x00], "a\0")] as [([UInt8], String)] {
            for row in [bytes + Array(",y".utf8), Array("y,".utf8) + bytes] {
                let file = Array("f,g\nx,y\n".utf8) + row + Array("\nx,y\n".utf8)
                isWhole(complaint { _ = try CSV(file, named: "t.csv") }, at: "t.csv:3", got: got)
            }
        }
    }

    @Test func differentImagesNameBothFiles() throws {
        let table = try LabelTable.parse(Array("fname,labels\na,x\nb,x\n".utf8), named: "labels.csv")
        let scores = try Scores(names: ["a", "c"], labels: ["x"], values: [0, 1])
        let error = complaint {
            _ = try EvaluationRecord.measure(
                title: "t", predictions: ScoreTable(scores), from: "p.csv", labels: table, thresholds: [0.5],
                rules: MatchingRules()
            ) { _ in }
        }
        isWhole(error, at: "p.csv, labels.csv", got: "1 without predictions: 'b'; 1 that the labels file lacks: 'c'")
        isWhole(
            complaint { _ = try scores.aligned(names: ["a", "b"], labels: ["x"], at: "p, q") }, at: "p, q", got: "'b'")
    }

    /// Its scores would stand in a second column `fname`, which no reader takes.
    @Test func aLabelCalledAsTheColumnOfNamesIsRefused() throws {
        let table = try LabelTable.parse(Array("fname,labels\na,fname\n".utf8), named: "labels.csv")
        let scores = try Scores(names: ["a"], labels: ["fname"], values: [0.5])
        let error = complaint {
            _ = try EvaluationInput(
                title: "t", predictions: ScoreTable(scores), from: "p.csv", labels: table, thresholds: [0.5],
                rules: MatchingRules()
            ) { _ in }
        }
        isWhole(error, at: "p.csv, labels.csv", got: "a label 'fname'")
    }

    @Test(arguments: [(Double.nan, false), (1.5, false), (.infinity, true)])
    func aValueOfAnArrayIsNamedWithRowAndColumn(_ value: Double, _ areLogits: Bool) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let header = Array("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), }\n".utf8)
        let values: [Double] = [0, 0, 0, value]
        let data: [UInt8] = values.flatMap { (value: Double) -> [UInt8] in
            (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> UInt64(8 * $0)) }
        }
        let (array, names, vocab) = ("\(folder)/s.npy", "\(folder)/n.txt", "\(folder)/v.txt")
        var bytes: [UInt8] = [0x93]
        bytes += Array("NUMPY".utf8)
        bytes += [1, 0, UInt8(header.count), 0]
        bytes += header
        bytes += data
        try FileBytes.write(bytes, to: array)
        try FileBytes.write("a.jpg\nb.jpg\n", to: names)
        try FileBytes.write("x\ny\n", to: vocab)
        isWhole(
            complaint { _ = try Predictions.readArray(array, names: names, vocab: vocab, areLogits: areLogits) },
            at: "\(array), row 2 'b.jpg', column 2 'y'", got: "\(value)")
        try FileBytes.write("a.jpg\na.jpg\n", to: names)
        isWhole(
            complaint { _ = try Predictions.readArray(array, names: names, vocab: vocab) }, at: "\(names):2",
            got: "'a.jpg'")
    }

    @Test(arguments: [
        ("expect:\n  - {match: a, must: [x, y], must_not: [z, y]}", "3", "'y' in both"),
        ("expect:\n  - {match: a, must: [x], none: true}", "3", "'x' in must"),
        ("expect:\n  - {match: a, none: maybe}", "3", "'maybe'"), ("expect: x", "2", "'x'"),
        ("expect: [x]", "2", "'x'"), ("name: []", "2", "a list"),
        ("rules:\n  - {metric: accuracy_multi, at_least: -5}", "3", "-5"),
        ("rules:\n  - {metric: accuracy_multi, at_least: 95}", "3", "95"),
        ("rules:\n  - {metric: accuracy_multi, at_least: 95%}", "3", "'95%'"),
        ("rules:\n  - {metric: accuracy_multi, at_least: .nan}", "3", "'.nan'"),
        ("rules:\n  - {metric: f1, average: macro, at_most: 1.01}", "3", "1.01"),
        ("rules:\n  - {metric: newly_broken, at_most: -1}", "3", "-1"),
        ("rules:\n  - {metric: loss, at_most: -0.1}", "3", "-0.1"),
        ("rules:\n  - {metric: accuracy_multi, max_drop: 2}", "3", "2"),
        ("rules:\n  - {metric: accuracy_multi, label: x, at_least: 1}", "3", "'x'"),
        ("rules:\n  - {metric: recall, at_least: 1}", "3", "none"),
        ("rules:\n  - {metric: recall, label: x, at_least: 1, confidence: 95}", "3", "95"),
    ])
    func goldenSetsNameTheirLine(_ yaml: String, _ line: String, _ got: String) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileBytes.write("version: 1\n\(yaml)\n", to: folder + "/golden.yaml")
        isWhole(complaint { _ = try GoldenSet.read(folder: folder) }, at: "\(folder)/golden.yaml:\(line)", got: got)
    }

    @Test func countsAndLossesMayBeAboveOne() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let metrics = ["loss", "no_prediction_count", "contradictions", "newly_broken"]
        let rules = metrics.map { "  - {metric: \($0), at_most: 3}\n" }.joined()
        try FileBytes.write("version: 1\nrules:\n\(rules)", to: folder + "/golden.yaml")
        #expect(try GoldenSet.read(folder: folder).rules.count == 4)
    }

    @Test func labelsThatLookAlikeAreNamed() throws {
        let table = LabelTable(rows: [
            .init(name: "1", labels: ["a", "A", "b"]), .init(name: "2", labels: ["b ", "c"]),
        ])
        #expect(table.lookalikes.count == 2, "\(table.lookalikes)")
        #expect(table.lookalikes.first?.hasSuffix("'A', 'a'") == true && table.lookalikes[1].hasSuffix("'b', 'b '"))
        #expect(LabelTable(rows: [.init(name: "1", labels: ["a", "b", "ab"])]).lookalikes.isEmpty)
    }
}
