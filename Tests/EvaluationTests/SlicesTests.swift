import Evaluation
import Testing

@Suite struct SlicesTests {
    @Test func partsByValueFolderAndQuantile() {
        #expect(
            Slice.byValue("site", ["x", nil, "", "x"])
                == [Slice(name: "site = (empty)", rows: [2]), Slice(name: "site = x", rows: [0, 3])])
        #expect(Slice.byFolder(["a/1", "b/c/2", "3"]).map(\.rows) == [[2], [0], [1]])
        #expect(Slice.byFolder(["a/1", "a/2"]).isEmpty)
        #expect(
            Slice.byQuantile("size", [4, 1, 3, 2, 8, 7, 6, 5]).map(\.rows) == [[1, 3], [0, 2], [6, 7], [4, 5]])
        #expect(Slice.byQuantile("size", [1, 1, 1, 9]).map(\.rows) == [[0, 1, 2], [3]])
        #expect(Slice.byQuantile("size", [2, 2]).isEmpty)
    }

    /// Image by image, some of them with unknown labels, more than one word of bits holds.
    @Test func figuresAreThoseOfCountingImages() throws {
        var random = SeededGenerator(seed: 15)
        let (names, labels) = ((0..<150).map { "\($0)" }, ["a", "b", "c"])
        let targets = names.indices.map { row in row % 9 == 4 ? nil : (0..<3).filter { _ in random.uniform() < 0.4 } }
        let record = try EvaluationRecord.measure(
            title: "t", scores: Scores(names: names, labels: labels, values: (0..<450).map { _ in random.uniform() }),
            truth: Truth(names: names, labels: labels, targets: targets), thresholds: [0.5])
        let slices = [
            Slice(name: "x", rows: Array(40..<130)), Slice(name: "y", rows: [4, 13]), Slice(name: "z", rows: [9]),
        ]
        for row in SliceTable.measure(record, slices).rows {
            let images = try #require(slices.first { $0.name == row.name }).rows.map { record.images[$0] }
            let known = images.filter { $0.target != nil }
            let wrong = known.reduce(0) { $0 + Set($1.target ?? []).symmetricDifference($1.predicted).count }
            #expect(row.count == known.count)
            #expect(
                row.exactMatch
                    == (known.isEmpty ? nil : Double(known.count { $0.target == $0.predicted }) / Double(known.count)))
            #expect(
                row.accuracyMulti == (known.isEmpty ? nil : Double(3 * known.count - wrong) / Double(3 * known.count)))
        }
    }

    @Test func theWeakestPartComesFirstWithItsInterval() throws {
        let names = (0..<40).map { "\($0)" }
        // The last ten images are all wrong, the others right.
        let record = try EvaluationRecord.measure(
            title: "t",
            scores: Scores(
                names: names, labels: ["a", "b"], values: (0..<40).flatMap { $0 < 30 ? [0.9, 0.1] : [0.1, 0.1] }),
            truth: Truth(names: names, labels: ["a", "b"], targets: names.map { _ in [0] }), thresholds: [0.5])
        let table = SliceTable.measure(
            record,
            [
                Slice(name: "good", rows: Array(0..<20)), Slice(name: "bad", rows: Array(30..<40)),
                Slice(name: "none", rows: []),
            ])
        #expect(table.rows.map(\.name) == ["bad", "good", "none"])
        let bad = table.rows[0]
        #expect(bad.isWeak && bad.count == 10 && bad.exactMatch == 0 && bad.accuracyMulti == 0.5)
        // Clopper-Pearson without a hit: 1 - (tail)^(1/n), the 5 % shared among three parts.
        let tail = 0.05 / 3 / 2
        var power = 1.0
        for _ in 0..<10 { power *= 1 - bad.high }
        #expect(abs(power - tail) < 1e-12 && bad.low == 0)
        #expect(!table.rows[1].isWeak && table.rows[2].exactMatch == nil && table.rows[2].high == 1)
    }
}
