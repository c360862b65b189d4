import Evaluation
import Foundation
import Testing

@Suite struct CSVTests {
    private func parse(_ text: String) throws -> CSV { try CSV(Array(text.utf8), named: "t.csv") }

    @Test func quotesLineEndsAndMarksAreUnderstood() throws {
        let table = try parse("\u{FEFF}a,b\r\n\"x, \"\"y\"\"\",\"two\nlines\"\r1,\n\n2,é")
        #expect(table.header == ["a", "b"])
        #expect(table.rows == [["x, \"y\"", "two\nlines"], ["1", ""], ["2", "é"]])
        #expect(table.lines == [2, 4, 6])
    }

    @Test func writtenTablesReadBack() throws {
        // A mark joins the character before it, so that a quote is no character of its own.
        let marks = ["\u{301}", "\u{FE0F}", "\u{200D}"]
        let rows =
            [["", "a,b"], ["\"", "\r\n"], ["; ", "<b>"], ["", ""]]
            + marks.flatMap { [["\"\($0)", "a\"\($0)\"\($0)b"], [",\($0)", "\r\n\($0)"]] }
        let text = CSV.line(["x", "y"]) + rows.map(CSV.line).joined()
        #expect(try parse(text).rows == rows)
        #expect(try parse(CSV.line(["x"]) + CSV.line([""])).rows == [[""]])
    }

    @Test(arguments: [
        ("", "empty"), ("a,a\n", "twice"), ("a,b\n1\n", "t.csv:2"), ("a\n\"x\n", "never closed"),
        ("a\n\"x\"y\n", "closing quote"),
        ("a\nx\u{0}\n", "not text"),
    ])
    func brokenTablesAreRefused(_ text: String, _ word: String) {
        let error = #expect(throws: InputError.self) { try parse(text) }
        #expect(error?.description.contains(word) == true, "\(error?.description ?? "")")
    }

    @Test func invalidUTF8IsRefused() {
        #expect(throws: InputError.self) { try CSV([0x61, 0x0A, 0xFF, 0x0A], named: "t.csv") }
    }

    /// Bytes are looked through eight at a time, with a rest, so that each place must be seen.
    @Test(arguments: [UInt8(0), 0x80, 0xFF])
    func aByteThatIsNoTextIsFoundWhereverItIs(_ byte: UInt8) throws {
        for count in [1, 7, 8, 9, 16, 65] {
            for place in 0..<count {
                var bytes = Array("a,b\n".utf8) + Array(repeating: 0x78, count: count) + Array(",1\n".utf8)
                _ = try CSV(bytes, named: "t.csv")
                bytes[4 + place] = byte
                #expect(throws: InputError.self) { try CSV(bytes, named: "t.csv") }
            }
        }
    }

    /// Cells end at a comma or a line's end and nowhere else, whatever length they have and whatever stands before.
    @Test func cellsEndWhereTheyEnd() throws {
        let others = (1...127).filter { ![0x0A, 0x0D, 0x22, 0x2C].contains($0) }.map { UInt8($0) }
        for other in others + [0x22] {
            for length in 1...17 {
                let cell = [0x78] + Array(repeating: other, count: length - 1)
                for end in ["\n", "\r", "\r\n", ""] {
                    let bytes = Array("a,b\n".utf8) + cell + [0x2C] + cell + Array(end.utf8)
                    let text = String(decoding: cell, as: UTF8.self)
                    #expect(try CSV(bytes, named: "t.csv").rows == [[text, text]])
                }
            }
        }
    }

    @Test func onlyPlainNumbersAreNumbers() {
        for text in ["nan", "inf", "0x1p3", "1e400", "", " 1", "1,5", "--1"] {
            #expect(StrictNumber.parse(text) == nil, "\(text)")
        }
        #expect(StrictNumber.parse("-1.5e-3") == -0.0015)
    }
}

@Suite struct LabelTableTests {
    private func parse(_ text: String) throws -> LabelTable { try .parse(Array(text.utf8), named: "labels.csv") }

    @Test func labelsAreSplitSortedAndMayBeNone() throws {
        let table = try parse("fname,labels,is_valid\na.jpg,b; a;b,True\nb c.jpg,,False\n")
        #expect(table.rows[0] == LabelTable.Row(name: "a.jpg", labels: ["a", "b"], isValid: true))
        #expect(table.rows[1].labels.isEmpty && table.rows[1].isValid == false)
        #expect(table.vocabulary == ["a", "b"])
        #expect(try parse("fname,labels\nx,b;Z;-\n").vocabulary == ["-", "Z", "b"])
    }

    @Test(arguments: [
        ("name,labels\na,b\n", "'fname'"), ("fname,labels\n../a,b\n", "leaves"), ("fname,labels\n/a,b\n", "leaves"),
        ("fname,labels\na,b\na,c\n", "two label sets"), ("fname,labels\n", "no rows"),
        ("fname,labels,is_valid\na,b,maybe\n", "truth"),
        ("fname,labels\nx/../../y,b\n", "labels.csv:2"),
    ])
    func badTablesAreRefused(_ text: String, _ word: String) {
        let error = #expect(throws: InputError.self) { try parse(text) }
        #expect(error?.description.contains(word) == true, "\(error?.description ?? "")")
    }

    @Test func unknownLabelsAreNamed() throws {
        let table = try parse("fname,labels\na,b\n")
        let error = #expect(throws: InputError.self) { try Truth(table, labels: ["x"]) }
        #expect(error?.description.contains("'b'") == true)
    }
}

@Suite struct PredictionsTests {
    @Test func scoresReadBackBitForBit() throws {
        let scores = try Scores(names: ["a", "b,c"], labels: ["x", "\"y\""], values: [0.1, 1.0 / 3, 1e-300, 1])
        #expect(try Predictions.parse(Array(Predictions.csv(scores).utf8), named: "p") == scores)
    }

    @Test(arguments: ["nan", "1.5", "-0.1", "", "inf"])
    func whatIsNoProbabilityIsRefused(_ cell: String) {
        let error = #expect(throws: InputError.self) {
            try Predictions.parse(Array("fname,x\na,\(cell)\n".utf8), named: "p.csv")
        }
        #expect(error?.description.contains("p.csv:2, column 'x'") == true)
    }

    @Test func logitsAreSquashed() throws {
        let scores = try Predictions.parse(Array("fname,x,y\na,0,-800\n".utf8), named: "p", areLogits: true)
        #expect(scores.values == [0.5, 0])
    }
}

@Suite struct SplitTests {
    private let table = LabelTable(
        rows: (0..<200).map { i in
            .init(
                name: "\(i)",
                labels: i % 20 == 0 ? ["rare", "common"] : i % 3 == 0 ? ["common"] : i % 7 == 0 ? [] : ["other"])
        })

    @Test func randomSplitsHaveFastaisSizeAndDependOnTheSeed() throws {
        let split = try Split.random(count: 1016, validationShare: 0.2, seed: 1)
        #expect(split.validation.count == 203 && split.training.count == 813)
        #expect(Set(split.training + split.validation) == Set(0..<1016))
        #expect(try split == Split.random(count: 1016, validationShare: 0.2, seed: 1))
        #expect(try split != Split.random(count: 1016, validationShare: 0.2, seed: 2))
        #expect(throws: InputError.self) { try Split.random(count: 3, validationShare: 0.2, seed: 1) }
    }

    @Test func stratifiedSplitsKeepEveryLabelsShare() throws {
        for seed in 0..<5 {
            let split = try Split.stratified(table, validationShare: 0.2, seed: UInt64(seed))
            #expect(split.validation.count == 40)
            for label in ["rare", "common", "other"] {
                let all = table.rows.indices.filter { table.rows[$0].labels.contains(label) }
                let part = Set(all).intersection(split.validation).count
                #expect(abs(Double(part) - 0.2 * Double(all.count)) <= 1.01, "\(label): \(part) of \(all.count)")
            }
        }
    }

    @Test func theColumnDecides() throws {
        let table = LabelTable(rows: [
            .init(name: "a", labels: [], isValid: true), .init(name: "b", labels: [], isValid: false),
        ])
        #expect(try Split.byColumn(table).validation == [0])
        #expect(throws: InputError.self) { try Split.byColumn(LabelTable(rows: [.init(name: "a", labels: [])])) }
    }
}
