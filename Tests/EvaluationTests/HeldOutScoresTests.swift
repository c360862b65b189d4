import Evaluation
import Testing

@Suite struct HeldOutScoresTests {
    private func data(_ random: inout SeededGenerator, count: Int, wrong: Set<Int> = []) throws -> (FeatureRows, Truth)
    {
        let names = (0..<count).map { "\($0)" }
        let rows = names.indices.map { row in
            (0..<6).map {
                Float(random.normal() + ($0 == 0 && row % 2 == 0 ? 4 : 0) + ($0 == 1 && row % 3 == 0 ? 4 : 0))
            }
        }
        let targets = names.indices.map { row in
            (row % 2 == 0) != wrong.contains(row) ? [0] + (row % 3 == 0 ? [1] : []) : (row % 3 == 0 ? [1] : [])
        }
        return (
            FeatureRows(names: names, width: 6, values: rows.flatMap { $0 }),
            try Truth(names: names, labels: ["a", "b"], targets: targets)
        )
    }

    @Test func oneImageLeavesNoneToFitOn() throws {
        var random = SeededGenerator(seed: 1)
        let (features, truth) = try data(&random, count: 1)
        let error = #expect(throws: InputError.self) { try HeldOutScores.leaveOneOut(features, truth) }
        #expect(error?.description.contains("at least two images") == true)
    }

    /// The ridge of one size, by fitting without each image in turn and solving by elimination.
    private func refitted(_ features: FeatureRows, _ target: [Double], ridge: Double) -> [Double] {
        let (count, width) = (features.names.count, features.width)
        var columns = (0..<width).map { at in (0..<count).map { Double(features.values[$0 * width + at]) } }
        for at in 0..<width {
            let mean = columns[at].reduce(0, +) / Double(count)
            let spread = (columns[at].reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)).squareRoot()
            columns[at] = columns[at].map { ($0 - mean) / spread }
        }
        columns.append([Double](repeating: 1, count: count))
        return (0..<count).map { (left: Int) -> Double in
            var system: [[Double]] = []
            for a in 0...width {
                var row: [Double] = []
                for b in 0...width {
                    var sum: Double = a == b && a < width ? ridge : 0
                    for i in 0..<count where i != left { sum += columns[a][i] * columns[b][i] }
                    row.append(sum)
                }
                var last: Double = 0
                for i in 0..<count where i != left { last += columns[a][i] * target[i] }
                row.append(last)
                system.append(row)
            }
            for a in 0...width {
                for b in 0...width where b != a {
                    let factor = system[b][a] / system[a][a]
                    for k in 0...width + 1 { system[b][k] -= factor * system[a][k] }
                }
            }
            var result: Double = 0
            for a in 0...width { result += system[a][width + 1] / system[a][a] * columns[a][left] }
            return result
        }
    }

    /// Few images, and more than are looked at at a time, with a rest.
    @Test(arguments: [40, 150]) func predictionsAreThoseOfFitsWithoutTheImage(_ count: Int) throws {
        var random = SeededGenerator(seed: 8)
        let (features, truth) = try data(&random, count: count, wrong: [4])
        let found = try HeldOutScores.leaveOneOut(features, truth)
        // The ridge is chosen: the one of the grid with the least squared error over both labels.
        var best: (error: Double, values: [[Double]]) = (.infinity, [])
        for ridge in [1e-3, 1e-2, 1e-1, 1, 10] {
            let targets = (0..<2).map { label in truth.targets.map { ($0 ?? []).contains(label) ? 1.0 : 0 } }
            let values = targets.map { refitted(features, $0, ridge: ridge * Double(count)) }
            let error = zip(values, targets).reduce(0) { sum, pair in
                sum + zip(pair.0, pair.1).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
            }
            if error < best.error { best = (error, values) }
        }
        for row in 0..<count {
            for label in 0..<2 {
                #expect(abs(found.values[row * 2 + label] - min(1, max(0, best.values[label][row]))) < 1e-9)
            }
        }
    }

    @Test func plantedWrongLabelsComeFirst() throws {
        var random = SeededGenerator(seed: 9)
        let wrong: Set<Int> = [5, 40, 77, 120, 151]
        let (features, truth) = try data(&random, count: 200, wrong: wrong)
        let ranked = try WrongLabel.rank(HeldOutScores.leaveOneOut(features, truth), truth, limit: 8)
        #expect(wrong.isSubset(of: Set(ranked.compactMap { Int($0.name) })))
        #expect(throws: InputError.self) {
            try HeldOutScores.leaveOneOut(features, Truth(names: ["x"], labels: ["a"], targets: [[0]]))
        }
    }

    /// More features than directions: the answer stays, since distances do.
    @Test func manyFeaturesAreProjected() throws {
        var random = SeededGenerator(seed: 10)
        let (small, truth) = try data(&random, count: 120)
        let wide = FeatureRows(
            names: small.names, width: 300,
            values: small.names.indices.flatMap { row in (0..<50).flatMap { _ in small[row] } })
        let scores = try HeldOutScores.leaveOneOut(wide, truth)
        #expect(try scores == HeldOutScores.leaveOneOut(wide, truth), "seeded")
        let right = (0..<120).count { (scores.values[$0 * 2] > 0.5) == ($0 % 2 == 0) }
        #expect(right > 110, "\(right)")
    }
}
