import Evaluation
import Foundation
import Testing

/// Tables of many images against the same tables made of objects.
@Suite struct ReaderTests {
    private static func file(_ bytes: [UInt8], _ body: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("table-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try FileBytes.write(bytes, to: path)
        try body(path)
    }

    @Test func wideTablesMayHaveTheNameAnywhereAndAnyQuoting() throws {
        let text = "x,\"fname\",\"y \"\"z\"\"\"\r\n0.25,\"a,\"\"1\"\"\n\",1e-3\r\n\r\n\"0.5\",b,\"0\"\r1,\u{e9},0.125"
        let table = try Predictions.parseTable(Array(text.utf8), named: "p")
        #expect(table.labels == ["x", "y \"z\""])
        #expect(Array(table.names) == ["a,\"1\"\n", "b", "\u{e9}"])
        #expect(table.columns == .double([[0.25, 0.5, 1], [1e-3, 0, 0.125]]))
    }

    /// More images than the first guess of their number, and names that begin and end alike.
    @Test func thousandsOfImagesAreToldApart() throws {
        let names = (0..<5_000).map { "folder/\($0 % 71)/\($0).jpg" }
        let rows = names.enumerated().map { "\($1),\(Double($0) / 5_000),\(1 - Double($0) / 5_000)" }
        let wide = try Predictions.parse(Array(("fname,x,y\n" + rows.joined(separator: "\n")).utf8), named: "w.csv")
        #expect(wide.names == names)
        let values: [Double] = names.indices.flatMap { row -> [Double] in
            let share = Double(row) / 5_000
            return [share, 1 - share]
        }
        #expect(wide.values == values)
        let pairs = names.indices.flatMap { row in
            ["\(names[row]),x,\(values[2 * row])", "\(names[row]),y,\(values[2 * row + 1])"]
        }
        let long = try Predictions.parse(
            Array(("fname,label,score\n" + pairs.joined(separator: "\n")).utf8), named: "l.csv")
        #expect(long.names == names && long.values == wide.values)
    }

    @Test func aRepeatedImageIsNamedWithItsLine() {
        let error = #expect(throws: InputError.self) {
            try Predictions.parseTable(Array("fname,x\na,1\nb,1\na,0\n".utf8), named: "p.csv")
        }
        #expect(
            error?.description.hasPrefix("p.csv:4: image name appears twice") == true, "\(error?.description ?? "")")
    }

    @Test func labelsAreTrimmedSplitAndSortedWhateverTheyAreWrittenIn() throws {
        var format = LabelTable.Format()
        let cell = " b;\u{a0}a\u{a0};;\tb\t; \u{e9} ;e\u{301}"
        let table = try LabelTable.parse(Array("fname,labels\nx,\(cell)\ny,\n".utf8), named: "l", format: format)
        #expect(table.rows[0].labels == ["a", "b", "\u{e9}"] && table.rows[1].labels.isEmpty)
        #expect(table.vocabulary == ["a", "b", "\u{e9}"])
        format.delimiter = "--"
        let other = try LabelTable.parse(Array("fname,labels\nx,a-b--c-\n".utf8), named: "l", format: format)
        #expect(other.rows[0].labels == ["a-b", "c-"])
    }

    @Test func rowsAreACollectionOfWhatWentIn() {
        let rows = [
            LabelTable.Row(name: "a", labels: ["y", "x"]), .init(name: "b", labels: [], isValid: true),
            .init(name: "c", labels: ["x"], isValid: false), .init(name: "d", labels: ["z"]),
        ]
        let table = LabelTable(rows: rows)
        #expect(Array(table.rows) == rows && table == LabelTable(rows: rows))
        let (part, dropped) = table.restricted(to: ["z", "y"])
        #expect(dropped == ["x"] && part.rows.map(\.labels) == [["y"], [], [], ["z"]])
        #expect(part.vocabulary == ["y", "z"])
    }

    @Test(arguments: ["a/../b", "..", "/a", "", "a/.."])
    func namesThatLeaveTheFolderAreRefused(_ name: String) {
        #expect(throws: InputError.self) {
            try LabelTable.parse(Array("fname,labels\n\"\(name)\",\n".utf8), named: "l")
        }
    }

    @Test(arguments: ["..a", "a..", "...", "a/..b/c", ".", "a//b"])
    func otherDotsStayInside(_ name: String) throws {
        #expect(try LabelTable.parse(Array("fname,labels\n\(name),\n".utf8), named: "l").rows[0].name == name)
    }

    @Test func linesOfNamesAreReadAsTheyStand() throws {
        try Self.file(Array("a b\r\nc,d\n\n\u{e9}\n\n".utf8)) { path in
            let names = try NameList(lines: path, of: "image name")
            #expect(Array(names) == ["a b", "c,d", "", "\u{e9}"])
        }
        for (text, word) in [("\n\n", "empty"), ("a\nb\na\n", ":3"), ("", "empty")] {
            try Self.file(Array(text.utf8)) { path in
                let error = #expect(throws: InputError.self) { try NameList(lines: path, of: "image name") }
                #expect(error?.description.contains(word) == true, "\(error?.description ?? "")")
            }
        }
        try Self.file([0x61, 0x0A, 0xFF]) { path in
            #expect(throws: InputError.self) { try NameList(lines: path, of: "image name") }
        }
    }
}
