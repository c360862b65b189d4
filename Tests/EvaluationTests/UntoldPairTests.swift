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
            found.untold.map(\.text) == [
                "'Gas' and 'Soldier' are on the same 2 images",
                "'Cloth' is never without 'Mask' (all 3 images that carry it)",
            ])
        // Two images of 8 that two others of 8 fall on: 2/8 1/7. Three that five fall on: 5/8 4/7 3/6.
        #expect(abs(found.untold[0].chance - 1.0 / 28) < 1e-12 && abs(found.untold[1].chance - 5.0 / 28) < 1e-12)
        #expect(found.untold.allSatisfy { !$0.isBeyondChance })
        // Every other pair of labels that some image carries is compared.
        #expect(found.pairs.count + found.untold.count == 10)
        #expect(!found.pairs.contains { $0.first == "Gas" && $0.second == "Soldier" })
    }

    /// A rare label beside one that nine images of ten carry is not told from a kind of it, one of 60 images is.
    @Test func whatMayBeChanceIsToldFromWhatIsNot() throws {
        let targets = (0..<300).map { row in
            (row % 10 == 0 ? [] : [0]) + (row % 100 == 1 ? [2] : []) + (row % 5 == 3 ? [1] : [])
        }
        let found = try find(["common", "kind", "rare"], targets.map { $0.sorted() })
        #expect(found.untold.map(\.first) == ["kind", "rare"])
        #expect(found.untold.map(\.isBeyondChance) == [true, false])
    }

    @Test func labelsThatImagesTellApartAreNotNamed() throws {
        #expect(try find(["a", "b"], [[0], [1], [0, 1]]).untold.isEmpty)
        #expect(try find(["a", "b"], [[], [0]]).untold.isEmpty)
    }
}
