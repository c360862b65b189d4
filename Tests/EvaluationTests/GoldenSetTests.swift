import Evaluation
import Testing

@Suite struct GoldenSetTests {
    @Test(arguments: [
        ("version: 2\n", "version"), ("version: 1\nrulez: []\n", "golden.yaml:2"),
        ("version: 1\nrules:\n  - {metric: acc}\n", "unknown metric"),
        ("version: 1\nrules:\n  - {metric: recall, at_least: 1}\n", "of what"),
        ("version: 1\nrules:\n  - {metric: f1, label: a, at_least: 0.5, confidence: 0.9}\n", "no proportion"),
        ("version: 1\nrules:\n  - {metric: recall, label: a, at_least: nan}\n", "number"),
        ("version: 1\nrules:\n  - {metric: recall, label: a}\n", "one bound"), ("version: 1\nimages: ../x\n", "leaves"),
        ("version: 1\nexpect:\n  - {match: a}\n", "expects nothing"), ("- 1\n", "empty"), ("version: [", "YAML"),
        ("", "empty"),
    ])
    func badGoldenSetsAreRefused(_ yaml: String, _ word: String) {
        let error = #expect(throws: InputError.self) { try GoldenSetParserAccess.rules(yaml) }
        #expect(error?.description.contains(word) == true, "\(error?.description ?? "")")
    }

    @Test func theCommittedSetIsSound() throws {
        let golden = try GoldenSet.read(folder: NotebookGoldensTests.path("../masks"))
        #expect(golden.images.count == 31 && golden.rules.count == 6)
        #expect(Set(golden.slices.keys) == ["NEW", "NEU", "spare"])
        let truth = try golden.truth(labels: ["-", "Cloth", "Gas", "KN95", "Medical", "No_mask!", "Shield", "Surgical"])
        #expect(truth.targets.count { $0 != nil } == 25)
        for expectation in golden.expectations {
            #expect(golden.images.contains { Glob(expectation.match).matches($0) }, "\(expectation.match)")
        }
    }
}
