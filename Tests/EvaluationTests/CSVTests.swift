import Evaluation
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
