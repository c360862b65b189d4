import Evaluation
import Foundation
import Testing

/// What is drawn by a seed hangs on the names of images and labels, not on the order of rows and columns.
@Suite struct ContentSeedTests {
    private let names = (0..<120).map { "image\($0)" }
    private let labels = ["d", "B", "a", "é", "c"]

    /// The same evaluation with rows and columns in another order.
    private func record(rows: [Int], columns: [Int], shift: Double = 0) throws -> EvaluationRecord {
        var random = SeededGenerator(seed: 21)
        let truth = names.map { _ in labels.indices.map { _ in random.uniform() < 0.3 } }
        let scores = truth.map { $0.map { min(1, 0.6 * random.uniform() + ($0 ? 0.4 : 0) + shift * random.uniform()) } }
        return try .measure(
            title: "t",
            scores: Scores(
                names: rows.map { names[$0] }, labels: columns.map { labels[$0] },
                values: rows.flatMap { row in columns.map { scores[row][$0] } }),
            truth: Truth(
                names: rows.map { names[$0] }, labels: columns.map { labels[$0] },
                targets: rows.map { row in columns.indices.filter { truth[row][columns[$0]] } }), thresholds: [0.5])
    }

    private func orders() -> [(rows: [Int], columns: [Int])] {
        var random = SeededGenerator(seed: 22)
        let (rows, columns) = (Array(names.indices), Array(labels.indices))
        return [
            (rows, random.permutation(columns.count)), (random.permutation(rows.count), columns),
            (rows.reversed(), columns.reversed()), (random.permutation(rows.count), random.permutation(columns.count)),
        ]
    }

    /// By name, as what is compared; sums over columns in another order may differ in their last bits.
    private func close(_ a: Double?, _ b: Double?, _ what: String) {
        switch (a, b) {
        case (nil, nil): break
        case (let a?, let b?): #expect(abs(a - b) <= 1e-12, "\(what)")
        default: Issue.record("\(what): \(a.debugDescription) and \(b.debugDescription)")
        }
    }

    @Test func intervalsThresholdsAndHalvesAreTheSameInEveryOrder() throws {
        var options = Analysis.Options()
        options.resamples = 60
        let first = try #require(
            try Analysis.measure(record(rows: Array(names.indices), columns: Array(labels.indices)), options: options))
        let intervals = try #require(first.intervals)
        let calibration = try #require(first.calibration)
        let plan = try #require(first.thresholds)
        for (rows, columns) in orders() {
            let other = try #require(try Analysis.measure(record(rows: rows, columns: columns), options: options))
            for (name, bounds) in try #require(other.intervals).figures {
                close(bounds.low, intervals.figures[name]?.low, name)
                close(bounds.high, intervals.figures[name]?.high, name)
            }
            for label in try #require(other.intervals).perLabel {
                #expect(label == intervals.perLabel.first { $0.label == label.label })
            }
            for label in try #require(other.thresholds).perLabel {
                #expect(label == plan.perLabel.first { $0.label == label.label })
            }
            let scaled = try #require(other.calibration)
            #expect(scaled.fittedCount == calibration.fittedCount)
            for (a, b) in zip(scaled.trials, calibration.trials) {
                close(a.after.loss, b.after.loss, "\(a.method)")
                close(a.after.brier, b.after.brier, "\(a.method)")
            }
            for label in scaled.labels {
                let same = calibration.labels.first { $0.label == label.label }
                #expect(label.heldOutError == same?.heldOutError, "the same half of the images")
            }
        }
    }

    @Test func duplicateLabelsAndComparisonsAreTheSameInEveryOrder() throws {
        let straight = (Array(names.indices), Array(labels.indices))
        func pairs(_ rows: [Int], _ columns: [Int]) throws -> [Set<String>: Double] {
            let record = try record(rows: rows, columns: columns)
            let truth = try Truth(
                names: record.images.map(\.name), labels: record.labels, targets: record.images.map(\.target))
            let found = try DuplicateLabels.find(record.scores(), truth, shuffles: 40)
            return Dictionary(
                found.pairs.map { ([$0.first, $0.second], $0.pValue) }, uniquingKeysWith: { first, _ in first })
        }
        func changes(_ rows: [Int], _ columns: [Int]) throws -> [ModelComparison.Change] {
            try ModelComparison.measure(
                record(rows: rows, columns: columns), record(rows: rows, columns: columns, shift: 0.3), resamples: 50
            ).figures
        }
        let (expected, figures) = (try pairs(straight.0, straight.1), try changes(straight.0, straight.1))
        for (rows, columns) in orders() {
            #expect(try pairs(rows, columns) == expected)
            for (a, b) in zip(try changes(rows, columns), figures) {
                close(a.low, b.low, a.name)
                close(a.high, b.high, a.name)
            }
        }
    }
}
