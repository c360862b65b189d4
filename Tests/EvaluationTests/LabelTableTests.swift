import Evaluation
import Foundation
import Testing

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
