import Evaluation
import Foundation
import Testing

@Suite struct WrongLabelsTests {
    struct Fixture: Codable {
        var scores: [[Double]]
        var given: [[Int]]
        var quality: [Double]
        var confident: [Bool]
    }

    static let labels = ["a", "b", "c", "d"]

    @Test func selfConfidenceAndTheJointAgreeWithCleanlab() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Fixtures/wrong_labels.json")
        let fixture = try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: file))
        let names = fixture.given.indices.map { "\($0)" }
        let found = try WrongLabel.rank(
            Scores(names: names, labels: Self.labels, values: fixture.scores.flatMap { $0 }),
            Truth(names: names, labels: Self.labels, targets: fixture.given))
        #expect(found.count == names.count)
        #expect(zip(found, found.dropFirst()).allSatisfy { $0.selfConfidence <= $1.selfConfidence })
        for image in found {
            let row = try #require(Int(image.name))
            #expect(agrees(image.selfConfidence, fixture.quality[row]))
            #expect(image.isConfident == fixture.confident[row], "image \(row)")
            #expect(image.given == fixture.given[row].map { Self.labels[$0] })
        }
    }

    /// Scores on the side of what is given say that nothing is wrong, however little they say.
    @Test func whatNobodyDisputesIsNotListed() throws {
        let names = ["x", "y", "z"]
        let scores = try Scores(names: names, labels: ["a", "b"], values: [0.1, 0.2, 0.3, 0.1, 0.9, 0.1])
        let truth = try Truth(names: names, labels: ["a", "b"], targets: [[], [], []])
        #expect(try WrongLabel.rank(scores, truth).count == 3)
        let found = try WrongLabel.rank(scores, truth, limit: 2, where: \.isDisputed)
        #expect(found.map(\.name) == ["z"] && found[0].suggested == ["a"] && found[0].given.isEmpty)
    }

    @Test func theLabelAndWhatElseItCouldBeAreNamed() throws {
        let names = ["x", "y", "partly"]
        let found = try WrongLabel.rank(
            Scores(names: names, labels: ["a", "b"], values: [0.9, 0.2, 0.1, 0.8, 0, 0]),
            Truth(names: names, labels: ["a", "b"], targets: [[0], [0], nil]))
        #expect(found.map(\.name) == ["y", "x"])
        #expect(found[0].label == "a" && found[0].suggested == ["b"] && found[0].selfConfidence == 0.1)
    }
}
