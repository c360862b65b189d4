import Evaluation
import Foundation
import Testing

@Suite struct CalibrationTests {
    /// What scikit-learn and SciPy say; made by `make_calibration.py`.
    struct Case: Decodable {
        var scores: [Double]
        var truth: [Int]
        var ties: Bool
        /// Mean score and frequency of the bins that hold images.
        var uniform: [[Double]]
        var quantile: [[Double]]
        var asked: [Double]
        var isotonic: [Double]
        var loss: Double
        var temperature: Double

        var targets: [Bool] { truth.map { $0 == 1 } }
    }

    private func cases(_ file: String = #filePath) throws -> [Case] {
        let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
        return try JSONDecoder().decode(
            [Case].self, from: Data(contentsOf: folder.appendingPathComponent("Fixtures/calibration.json")))
    }

    private func near(_ a: [Double], _ b: [Double], _ tolerance: Double = 1e-12) -> Bool {
        a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= tolerance }
    }

    @Test func curvesAndIsotonicMapsAreScikitLearns() throws {
        for item in try cases() {
            let width = ReliabilityCurve.measure(item.scores, item.targets, binning: .equalWidth, bins: 7)
            #expect(near(width.bins.map(\.meanScore), item.uniform[0]))
            #expect(near(width.bins.map(\.frequency), item.uniform[1]))
            let mass = ReliabilityCurve.measure(item.scores, item.targets, binning: .equalMass, bins: 5)
            #expect(near(mass.bins.map(\.meanScore), item.quantile[0]))
            #expect(near(mass.bins.map(\.frequency), item.quantile[1]))
            #expect(mass.bins.reduce(0) { $0 + $1.count } == item.scores.count)
            let map = try #require(IsotonicMap.fit(item.scores, item.targets))
            #expect(near(item.asked.map(map.apply), item.isotonic))
        }
    }

    /// Convex, so that SciPy's search and Newton's steps end at one place.
    @Test func temperaturesHaveTheLeastLoss() throws {
        for item in try cases() {
            // SciPy's search ends at 100 where the scores tell nothing: no estimate.
            guard item.temperature < 99 else {
                #expect(Temperature.fit([item.scores], [item.targets]) == nil)
                continue
            }
            let temperature = try #require(Temperature.fit([item.scores], [item.targets]))
            let loss = zip(item.scores, item.targets).reduce(0) {
                $0 + CrossEntropy.term(Temperature.apply($1.0, temperature), $1.1)
            }
            #expect(loss / Double(item.scores.count) <= item.loss + 1e-12)
            #expect(abs(temperature / item.temperature - 1) < 1e-5)
        }
        #expect(Temperature.fit([[0.2, 0.9]], [[false, true]]) == nil, "what separates wholly cannot be too sure")
        #expect(Temperature.fit([[0.2, 0.9]], [[true, false]]) == nil, "what says the reverse cannot be too unsure")
        #expect(Temperature.fit([[0.2, 0.9]], [[true, true]]) == nil)
        #expect(abs(Temperature.apply(0.9, 1) - 0.9) < 1e-15 && Temperature.apply(1, 2) <= 1)
    }

    /// By trying every partition into blocks: of 8 points, the rising means with the least squares.
    @Test func poolingIsTheLeastSquaresOfAllRisingFits() throws {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<60 {
            let targets = (0..<8).map { _ in random.uniform() < 0.5 }
            let scores = (1...8).map { Double($0) / 10 }
            var best = Double.infinity
            for mask in 0..<128 {
                var blocks = [[Int]](repeating: [], count: 1)
                for index in 0..<8 {
                    blocks[blocks.count - 1].append(index)
                    if mask >> index & 1 == 1, index < 7 { blocks.append([]) }
                }
                let means = blocks.map { block in
                    Double(block.count { targets[$0] }) / Double(block.count)
                }
                guard zip(means, means.dropFirst()).allSatisfy({ $0 <= $1 }) else { continue }
                let cost = zip(blocks, means).reduce(0.0) { sum, part in
                    sum + part.0.reduce(0) { $0 + pow((targets[$1] ? 1 : 0) - part.1, 2) }
                }
                best = min(best, cost)
            }
            let map = try #require(IsotonicMap.fit(scores, targets))
            let cost = zip(scores, targets).reduce(0) { $0 + pow(($1.1 ? 1 : 0) - map.apply($1.0), 2) }
            #expect(abs(cost - best) < 1e-12)
        }
    }

    /// Truth drawn from the very scores, many times: the error by chance is what is seen.
    @Test func theErrorByChanceIsWhatRightProbabilitiesGive() throws {
        var random = SeededGenerator(seed: 4)
        let scores = (0..<400).map { _ in random.uniform() }
        func drawn() -> ReliabilityCurve {
            .measure(scores, scores.map { random.uniform() < $0 }, binning: .equalWidth)
        }
        let curves = (0..<2000).map { _ in drawn() }
        let mean = curves.compactMap(\.error).reduce(0, +) / 2000
        let chance = try #require(curves[0].chanceError)
        #expect(abs(mean / chance - 1) < 0.02)
        let above = Double(curves.count(where: \.isOff)) / 2000
        #expect((0.03...0.07).contains(above), "\(above) of the right ones are called off")
        let sure = ReliabilityCurve.measure(
            scores.map { $0 > 0.5 ? 0.99 : 0.01 }, scores.map { random.uniform() < $0 }, binning: .equalWidth)
        #expect(sure.isOff)
    }

    @Test func theRecordsErrorIsTheCurves() throws {
        var random = SeededGenerator(seed: 9)
        let (scores, targets) = AnalysisFixture.random(&random, count: 200, hasTies: true)
        let curve = ReliabilityCurve.measure(scores, targets, binning: .equalWidth)
        #expect(abs(try #require(curve.error) - (CalibrationError.expected(scores, targets) ?? -1)) < 1e-12)
        let sum = curve.bins.reduce(0) { $0 + Double($1.count) / 200 * abs($1.meanScore - $1.frequency) }
        #expect(abs(sum - (curve.error ?? -1)) < 1e-12)
        #expect(ReliabilityCurve.measure([], [], binning: .equalMass).error == nil)
        #expect(ReliabilityCurve.measure([1], [true], binning: .equalMass).error == 0)
    }

    private func columns(_ random: inout SeededGenerator, count: Int, sureness: Double) -> LabelColumns {
        let logits = (0..<3).map { _ in (0..<count).map { _ in 2 * random.normal() } }
        return LabelColumns(
            labels: ["a", "b", "rare"],
            scores: logits.enumerated().map { label, column in
                column.map { logistic(($0 - (label == 2 ? 30 : 0)) * sureness) }
            },
            targets: logits.enumerated().map { label, column in
                column.map { label < 2 && random.uniform() < logistic($0) }
            })
    }

    /// A model twice too sure is mended on images that the scaling has not seen; of a right one nothing is claimed.
    @Test func onlyWhatIsOffIsMended() throws {
        var random = SeededGenerator(seed: 12)
        let sure = Calibration.measure(columns(&random, count: 3000, sureness: 2))
        #expect(sure.fittedCount == 1500 && sure.heldOutCount == 1500)
        #expect(abs(try #require(sure.scaling.temperature) - 2) < 0.15)
        #expect(sure.overall.isOff && sure.labels[0].equalWidth.isOff)
        for trial in sure.trials {
            #expect(try #require(trial.after.error) < 0.6 * (sure.before.error ?? 0), "\(trial.method)")
            #expect(try #require(trial.after.brier) < (sure.before.brier ?? 0))
        }
        #expect(sure.scaling.perLabel[2].temperature == nil && sure.scaling.perLabel[2].isotonic == nil)
        let right = Calibration.measure(columns(&random, count: 3000, sureness: 1))
        let isotonic = try #require(right.trials.first { $0.method == .isotonic })
        #expect(try #require(isotonic.after.loss) > (right.before.loss ?? 0), "memorising is not reported as gain")
        #expect(abs(try #require(right.scaling.temperature) - 1) < 0.1)
        #expect(Calibration.measure(columns(&random, count: 1, sureness: 1)).before.error == nil)
    }

    @Test func theFileIsAppliedToOthersPredictions() throws {
        var random = SeededGenerator(seed: 13)
        let columns = columns(&random, count: 200, sureness: 2)
        let calibration = Calibration.measure(columns)
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("calibration-\(UUID()).json").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try FileBytes.write(CalibrationFile.json(calibration), to: path)
        let scaling = try CalibrationFile.read(path)
        #expect(scaling == calibration.scaling)
        let other = try Scores(names: ["x"], labels: ["b", "a", "rare"], values: [0.9, 0.2, 0.001])
        for method in ScoreScaling.Method.allCases {
            let scaled = try scaling.apply(other, method: method)
            #expect(scaled.values[1] == scaling.apply(0.2, label: 0, method: method))
            if method != .temperature { #expect(scaled.values[2] == 0.001, "an unfitted label stays as it is") }
        }
        #expect(throws: InputError.self) {
            try scaling.apply(Scores(names: ["x"], labels: ["a", "b"], values: [0, 1]), method: .isotonic)
        }
        #expect(throws: InputError.self) {
            try scaling.apply(Scores(names: ["x"], labels: ["a", "b", "c"], values: [0, 1, 1]), method: .isotonic)
        }
        for text in ["{}", "{\"version\": 1, \"scaling\": {\"temperature\": -1, \"per_label\": []}}", "x"] {
            try FileBytes.write(text, to: path)
            #expect(throws: InputError.self) { try CalibrationFile.read(path) }
        }
    }
}
