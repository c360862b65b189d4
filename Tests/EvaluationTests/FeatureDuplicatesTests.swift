import Evaluation
import Testing

@Suite struct FeatureDuplicatesTests {
    private func rows(_ random: inout SeededGenerator, count: Int, width: Int = 24, spread: Double = 1) -> [[Float]] {
        (0..<count).map { _ in (0..<width).map { _ in Float(3 + spread * random.normal()) } }
    }

    private func table(_ rows: [[Float]]) -> FeatureRows {
        FeatureRows(names: rows.indices.map { "\($0)" }, width: rows[0].count, values: rows.flatMap { $0 })
    }

    /// However close all pictures lie, those planted are found and no other.
    @Test(arguments: [1, 0.01]) func plantedCopiesAreFoundAndNoOthers(_ spread: Double) {
        var random = SeededGenerator(seed: 5)
        var rows = rows(&random, count: 120, spread: spread)
        #expect(FeatureDuplicates.find(table(rows)).isEmpty)
        for (copy, original) in [(7, 3), (90, 41), (91, 41)] {
            rows[copy] = rows[original].map { $0 + Float(0.05 * spread * random.normal()) }
        }
        let found = FeatureDuplicates.find(table(rows))
        #expect(Set(found.map { [$0.first, $0.second] }) == [[3, 7], [41, 90], [41, 91], [90, 91]])
        #expect(found.map(\.ratio) == found.map(\.ratio).sorted() && found.allSatisfy { $0.similarity > 0.99 })
        #expect(FeatureDuplicates.find(table(Array(rows.prefix(19)))).isEmpty)
        #expect(FeatureDuplicates.find(table(rows.map { $0.map { _ in 0 } })).isEmpty, "no features, no copies")
    }

    /// What the hashes find already is not named twice.
    @Test func onlyWhatPixelsDoNotTellIsAdded() {
        var random = SeededGenerator(seed: 6)
        var rows = rows(&random, count: 40)
        (rows[1], rows[3]) = (rows[0], rows[2])
        let prints = rows.indices.map { row in
            ImageFingerprint(
                name: "\(row)", digest: row == 1 ? "0" : "\(row)", hash: random.next() >> 1,
                thumbnail: (0..<12).map { _ in Float(random.uniform(0, 255)) })
        }
        let labels = LabelTable(rows: rows.indices.map { LabelTable.Row(name: "\($0)", labels: [], isValid: $0 == 3) })
        let found = DuplicateImages.find(prints, labels, features: table(rows))
        #expect(found.map(\.kind) == [.exact, .features])
        #expect(found[1].first == "2" && found[1].second == "3" && found[1].crossesSplit)
    }
}
