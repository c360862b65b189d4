import Evaluation
import Foundation
import FoundationXML
import Testing

@Suite struct VerdictFilesTests {
    private func verdict(_ rules: [Rule], trainedOn: TrainingImages = .unknown) throws -> Verdict {
        let names = ["a", "b"]
        let golden = GoldenSet(
            name: "g", imageFolder: ".", images: names, expectations: [.init(match: "a", must: ["y"])], rules: rules)
        let record = try EvaluationRecord.measure(
            title: "t", scores: Scores(names: names, labels: ["x", "y"], values: [0.9, 0.1, 0.9, 0.1]),
            truth: Truth(names: names, labels: ["x", "y"], targets: [[1], [0]]), thresholds: [0.5])
        return Gate.judge(record: record, golden: golden, trainedOn: trainedOn).verdict
    }

    /// What stands under the test case of the one broken expectation: `failure`, `error`, or nothing where it passed.
    private func mark(_ verdict: Verdict) throws -> String? {
        let reader = try JUnitReader(verdict)
        return try #require(reader.cases.first { $0.kind == "expectation" && $0.name == "a" }).marks.first
    }

    @Test func anExpectationFailsWhereARuleDemandsIt() throws {
        let demand = Rule(metric: .expectations, bound: .atLeast(1))
        let hope = Rule(metric: .expectations, bound: .atLeast(0))
        let drop = Rule(metric: .expectations, bound: .maxDrop(0))
        let (exact, loose) = (
            Rule(metric: .exactMatch, bound: .atLeast(1)), Rule(metric: .exactMatch, bound: .atLeast(0))
        )
        #expect(try mark(verdict([])) == "failure", "without rules every expectation is demanded")
        #expect(try mark(verdict([demand])) == "failure")
        #expect(try mark(verdict([hope, exact])) == nil, "another rule failed")
        #expect(try mark(verdict([exact])) == nil)
        #expect(try mark(verdict([hope, loose])) == nil)
        #expect(try mark(verdict([drop])) == "error", "there is no baseline to tell")
        #expect(try mark(verdict([drop, demand])) == "failure")
        #expect(try mark(verdict([hope, loose], trainedOn: .lost("the list is missing"))) == nil)
        #expect(try mark(verdict([demand, loose], trainedOn: .lost("the list is missing"))) == "failure")
    }

    @Test func whatWasJudgedReadsBackAndOlderVerdictsToo() throws {
        let verdict = try verdict([Rule(metric: .expectations, bound: .atLeast(1))])
        let text = try JSON.text(verdict)
        #expect(try JSON.decode(Verdict.self, from: Array(text.utf8)) == verdict)
        var object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        object["expectations_outcome"] = nil
        let older = try JSON.decode(Verdict.self, from: Array(JSONSerialization.data(withJSONObject: object)))
        #expect(older.rules == verdict.rules)
    }

    @Test func markdownIsEscapedWhateverFollows() {
        for mark in ["\u{301}", "\u{FE0F}", "\u{200D}"] {
            for sign in "\\`*_{}[]<>()#+!|&~" {
                #expect(VerdictFiles.escapedMarkdown("a\(sign)\(mark)") == "a\\\(sign)\(mark)")
            }
        }
        #expect(VerdictFiles.escapedMarkdown("größe 1.5") == "größe 1.5")
    }
}

/// `junit.xml` by a reader of XML: each test case, and the elements under it.
final class JUnitReader: NSObject, XMLParserDelegate {
    private(set) var suites: [[String: String]] = []
    private(set) var cases: [(kind: String, name: String, marks: [String], texts: [String])] = []

    init(_ verdict: Verdict) throws {
        super.init()
        let text = try #require(try VerdictFiles.files(verdict).first { $0.path == "junit.xml" }).text
        let parser = XMLParser(data: Data(text.utf8))
        parser.delegate = self
        #expect(parser.parse(), "\(String(describing: parser.parserError)): \(text)")
    }

    func parser(
        _ parser: XMLParser, didStartElement element: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        switch element {
        case "testsuites": break
        case "testsuite": suites.append(attributes)
        case "testcase": cases.append((attributes["classname"] ?? "", attributes["name"] ?? "", [], []))
        default:
            cases[cases.count - 1].marks.append(element)
            cases[cases.count - 1].texts.append(attributes["message"] ?? "")
        }
    }
}
