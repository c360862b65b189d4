import Evaluation
import Testing

@Suite struct ContradictionsTests {
    private func record() throws -> EvaluationRecord {
        try .measure(
            title: "t",
            scores: Scores(
                names: ["w", "x", "y", "z"], labels: ["-", "a", "b"],
                values: [0.9, 0.9, 0, 0.9, 0, 0, 0, 0.9, 0.9, 0.6, 0, 0.7]),
            truth: Truth(names: ["w", "x", "y", "z"], labels: ["-", "a", "b"], targets: [[0], [0, 1], [1], nil]),
            thresholds: [0.5])
    }

    @Test func anExclusiveLabelBesideAnyOtherContradicts() throws {
        let found = try Contradictions.find(record(), exclusive: ["-", "-"])
        #expect(found.images.map(\.name) == ["w", "z"] && found.exclusive == ["-"] && found.count == 4)
        #expect(found.images[0].target == ["-"] && found.images[1].target == nil)
        #expect(found.contradictoryTargets == 1 && found.rate == 0.5)
        #expect(found.csv == "fname,predicted,target\nw,-;a,-\nz,-;b,\n")
        #expect(try Contradictions.find(record(), exclusive: ["a"]).images.map(\.name) == ["w", "y"])
        #expect(throws: InputError.self) { try Contradictions.find(record(), exclusive: ["c"]) }
    }
}
