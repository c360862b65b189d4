import Evaluation
import Testing

@Suite struct UntoldPairTests {
    private func find(_ labels: [String], _ targets: [[Int]]) throws -> DuplicateLabels {
        let names = targets.indices.map { "\($0).png" }
        let truth = try Truth(names: names, labels: labels, targets: targets)
        let scores = try Scores(
            names: names, labels: labels,
            values: targets.flatMap { target in labels.indices.map { target.contains($0) ? 0.9 : 0.1 } })
        return try .find(scores, truth, shuffles: 10)
    }

    /// Gas and Soldier on the same images, Mask wherever Cloth is, Rain and Mask each also alone; nobody carries Snow.
    @Test func labelsThatAreNeverApartAreNamed() throws {
        let found = try find(
            ["Cloth", "Gas", "Mask", "Rain", "Snow", "Soldier"],
            [[1, 5], [1, 5], [0, 2], [0, 2], [0, 2], [2], [3], [2, 3]])
        #expect(
            found.untold == [
                UntoldPair(first: "Gas", second: "Soldier", count: 2, isAlwaysTogether: true),
                UntoldPair(first: "Cloth", second: "Mask", count: 3, isAlwaysTogether: false),
            ])
        #expect(found.untold.map(\.text).first == "'Gas' and 'Soldier' are on the same 2 images")
        #expect(found.untold.map(\.text).last == "'Cloth' is never without 'Mask' (all 3 images that carry it)")
        // Every other pair of labels that some image carries is compared.
        #expect(found.pairs.count + found.untold.count == 10)
        #expect(!found.pairs.contains { $0.first == "Gas" && $0.second == "Soldier" })
    }

    @Test func labelsThatImagesTellApartAreNotNamed() throws {
        #expect(try find(["a", "b"], [[0], [1], [0, 1]]).untold.isEmpty)
        #expect(try find(["a", "b"], [[], [0]]).untold.isEmpty)
    }
}
