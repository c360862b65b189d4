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

    /// The oracle has every distance in full; widths and numbers that fill no lanes, groups or blocks.
    @Test(arguments: [20, 131, 261], [3, 21]) func findsWhatComparingAllFinds(count: Int, width: Int) {
        var random = SeededGenerator(seed: 7)
        var rows = rows(&random, count: count, width: width, spread: 2)
        for copy in stride(from: 5, to: count, by: 9) {
            rows[copy] = rows[random.integer(below: copy)].map { $0 + Float(0.02 * random.normal()) }
        }
        let unit = rows.map { row -> [Double] in
            let length = row.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
            return row.map { Double($0) / length }
        }
        func distance(_ a: Int, _ b: Int) -> Double {
            zip(unit[a], unit[b]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
        }
        let near = rows.indices.map { a in
            rows.indices.filter { $0 != a }.map { (distance(a, $0), $0) }.sorted { $0 < $1 }.prefix(10)
        }
        var (surely, perhaps) = (Set<[Int]>(), Set<[Int]>())
        for a in rows.indices {
            for (apart, b) in near[a].dropLast() where b > a {
                let ratio = apart / min(near[a][9].0, near[b][9].0)
                // Floats round a cosine near 1, and with it a small distance.
                if ratio < 0.48 { surely.insert([a, b]) }
                if ratio < 0.52 { perhaps.insert([a, b]) }
            }
        }
        let found = Set(FeatureDuplicates.find(table(rows)).map { [$0.first, $0.second] })
        #expect(found.isSuperset(of: surely) && found.isSubset(of: perhaps) && !surely.isEmpty)
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
