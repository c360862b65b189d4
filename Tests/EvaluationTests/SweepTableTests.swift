import Evaluation
import Testing

@Suite struct SweepTableTests {
    private func record(_ random: inout SeededGenerator, skill: Double, count: Int = 120) throws -> EvaluationRecord {
        let names = (0..<count).map { "\($0).png" }
        let targets = names.indices.map { [$0 % 3] + ($0 % 4 == 0 && $0 % 3 != 2 ? [2] : []) }
        let values = targets.flatMap { target in
            (0..<3).map { min(1, random.uniform() * (1 - skill) + (target.contains($0) ? skill : 0)) }
        }
        return try .measure(
            title: "run", scores: Scores(names: names, labels: ["a", "b", "c"], values: values),
            truth: Truth(names: names, labels: ["a", "b", "c"], targets: targets), thresholds: [0.5])
    }

    @Test func changesArePairedAndFiguresThoseOfTheRecords() throws {
        var random = SeededGenerator(seed: 3)
        let (base, worse) = (try record(&random, skill: 0.5), try record(&random, skill: 0.1))
        let parts: [SweepTable.Part] = [
            .init(factor: "blur", value: 0, record: nil), .init(factor: "blur", value: 2, record: worse),
            .init(factor: "jpeg", value: 30, record: base), .init(factor: "jpeg", value: nil, record: nil),
        ]
        let table = try SweepTable.measure(base, parts, resamples: 300)
        #expect(table.factors.map(\.name) == ["blur", "jpeg"] && table.factors.map(\.rows.count) == [2, 2])
        let (first, second) = (table.rows[0], table.rows[1])
        for (row, record) in [(first, base), (second, worse), (table.rows[2], base)] {
            #expect(row.figures["accuracy_multi"]?.value == record.figures.accuracyMulti)
            let f1 = try #require(row.figures["macro_f1"]?.value)
            #expect(abs(f1 - (record.figures.macro.f1 ?? 0)) < 1e-12)
            let exact = try #require(row.figures["exact_match"])
            #expect(exact.value == record.figures.exactMatch)
            // Where every image is right, draws cannot tell.
            if exact.value == 1 {
                #expect(exact.low == nil && exact.high == nil)
            } else {
                #expect((exact.low ?? 1) <= (exact.value ?? 0) && (exact.value ?? 1) <= (exact.high ?? 0))
            }
        }
        let accuracy = try #require(second.figures["accuracy_multi"])
        let change = try #require(worse.figures.accuracyMulti) - (base.figures.accuracyMulti ?? 0)
        #expect(abs((accuracy.change ?? 0) - change) < 1e-12 && accuracy.isChanged && change < 0)
        #expect((accuracy.changeLow ?? 0) < change && change < (accuracy.changeHigh ?? -1))
        // The same answers have no change on any draw, which says nothing of other images.
        let same = try #require(table.rows[2].figures["accuracy_multi"])
        #expect(same.change == 0 && same.changeLow == nil && same.changeHigh == nil && !same.isChanged)
        #expect(first.isUnchanged && first.fixedImages == 0 && second.brokenImages > second.fixedImages)
        #expect(table.csv.split(separator: "\n").count == 5)
        #expect(try table == SweepTable.measure(base, parts, resamples: 300), "seeded")
        let other = try record(&random, skill: 0.5, count: 119)
        #expect(throws: InputError.self) {
            try SweepTable.measure(base, [.init(factor: "blur", value: 1, record: other)])
        }
    }

    /// A sweep draws the images that the intervals of figures draw.
    @Test func intervalsOfValuesAreThoseOfTheFigures() throws {
        var random = SeededGenerator(seed: 4)
        let (base, worse) = (try record(&random, skill: 0.5), try record(&random, skill: 0.2))
        let table = try SweepTable.measure(
            base, [.init(factor: "blur", value: 2, record: worse)], resamples: 101, seed: 7)
        let columns = LabelColumns(worse)
        let intervals = FigureIntervals.measure(columns, thresholds: worse.thresholds, resamples: 101, seed: 7)
        for name in SweepTable.figures {
            let (found, expected) = (try #require(table.rows[0].figures[name]), try #require(intervals.figures[name]))
            #expect(agrees(found.value, expected.value) && agrees(found.low, expected.low), "\(name)")
            #expect(found.low != nil && agrees(found.high, expected.high), "\(name)")
        }
    }
}
