import Evaluation
import Testing

@Suite struct ModelComparisonTests {
    /// Four images of labels a and b, with the scores of one model.
    private func record(
        _ values: [Double], thresholds: [Double] = [0.5], names: [String] = ["1", "2", "3", "4"],
        targets: [[Int]] = [[0], [0], [1], []], labels: [String] = ["a", "b"], model: String? = nil
    ) throws -> EvaluationRecord {
        try .measure(
            title: "t", model: model.map { ModelIdentity(name: "m", digests: ["w": $0]) },
            scores: Scores(names: names, labels: labels, values: values),
            truth: Truth(names: names, labels: labels, targets: targets), thresholds: thresholds)
    }

    private let first = [0.9, 0.1, 0.2, 0.1, 0.7, 0.8, 0.1, 0.1]
    private let second = [0.8, 0.1, 0.9, 0.1, 0.2, 0.9, 0.1, 0.6]

    /// scipy's `binomtest(fixed, fixed + broken, 0.5).pvalue`.
    @Test(arguments: [(3, 10, 0.09228515625), (0, 6, 0.03125), (5, 5, 1), (0, 0, 1), (1, 20, 2.09808349609375e-05)])
    func mcNemarAgreesWithTheBinomialTest(_ fixed: Int, _ broken: Int, _ expected: Double) {
        #expect(abs(McNemar.pValue(fixed: fixed, broken: broken) - expected) < 1e-12)
        #expect(McNemar.pValue(fixed: broken, broken: fixed) == McNemar.pValue(fixed: fixed, broken: broken))
    }

    /// Probabilities below what a number holds, as of 1,100 flips that all go one way.
    @Test(arguments: [1_000, 1_074, 1_100, 5_000, 1_000_000])
    func aProbabilityIsSmallAndNeverZero(_ count: Int) {
        for value in [McNemar.pValue(fixed: count, broken: 0), McNemar.pValue(fixed: 3, broken: count)] {
            #expect(value > 0 && value < 1e-290, "\(value)")
        }
    }

    @Test func whatWasFixedAndBrokenIsCountedAndNamed() throws {
        let found = try ModelComparison.measure(record(first), record(second))
        #expect(found.fixedImages == 2 && found.brokenImages == 1)
        #expect(found.perLabel.map(\.fixed) == [2, 0] && found.perLabel.map(\.broken) == [0, 1])
        #expect(found.flips.map(\.name) == ["4", "2", "3"])
        #expect(found.flips[0].broken == ["b"] && found.flips[1].fixed == ["a"] && found.flips[2].fixed == ["a"])
        let (before, after) = (try record(first).figures, try record(second).figures)
        for (change, pair) in zip(
            found.figures,
            [
                (before.accuracyMulti, after.accuracyMulti), (before.exactMatch, after.exactMatch),
                (before.macro.f1, after.macro.f1), (before.loss, after.loss),
            ])
        {
            #expect(agrees(change.a, pair.0) && agrees(change.b, pair.1), "\(change.name)")
            #expect(agrees(change.change, pair.1.flatMap { after in pair.0.map { after - $0 } }))
            #expect(change.low == nil && change.high == nil, "four images are too few")
        }
        #expect(try found == ModelComparison.measure(record(first), record(second)))
    }

    @Test func changesHaveIntervalsAroundThemWhereImagesAreMany() throws {
        // Ten times the four images.
        let names = (0..<40).map { "\($0)" }
        func many(_ values: [Double]) throws -> EvaluationRecord {
            try record(
                (0..<10).flatMap { _ in values }, names: names,
                targets: (0..<10).flatMap { _ in [[0], [0], [1], []] })
        }
        let found = try ModelComparison.measure(many(first), many(second))
        for change in found.figures {
            let (low, high, middle) = (
                try #require(change.low), try #require(change.high), try #require(change.change)
            )
            #expect(low <= middle && middle <= high && low < high, "\(change.name)")
        }
    }

    /// The same scores of other labels: every image's loss is the same but for rounding, which is no interval.
    @Test func roundingIsNoChange() throws {
        let names = (0..<60).map { "\($0).png" }
        let labels = ["a", "b", "c"]
        var random = SeededGenerator(seed: 3)
        let rows = names.map { _ in (0..<3).map { _ in random.uniform() } }
        let truth = try Truth(names: names, labels: labels, targets: names.map { _ in [] })
        func record(_ title: String, _ scores: [[Double]]) throws -> EvaluationRecord {
            try .measure(
                title: title, scores: Scores(names: names, labels: labels, values: scores.flatMap(\.self)),
                truth: truth,
                thresholds: [0.5, 0.5, 0.5])
        }
        let comparison = try ModelComparison.measure(
            record("a", rows), record("b", rows.map { [$0[2], $0[0], $0[1]] }), resamples: 200)
        let loss = try #require(comparison.figures.first { $0.name == "loss" })
        #expect(abs(try #require(loss.change)) < 1e-15 && loss.low == nil && loss.high == nil)
    }

    @Test func imagesAndLabelsAreMatchedByName() throws {
        // The second record has its labels and images the other way round.
        let swapped = try record(
            [0.6, 0.1, 0.9, 0.2, 0.1, 0.9, 0.1, 0.8], names: ["4", "3", "2", "1"], targets: [[], [0], [1], [1]],
            labels: ["b", "a"])
        let (found, plain) = (
            try ModelComparison.measure(record(first), swapped),
            try ModelComparison.measure(record(first), record(second))
        )
        #expect(found.flips == plain.flips && found.perLabel == plain.perLabel)
    }

    /// More images than a word has bits, in another order on the other side, counted one by one.
    @Test func manyImagesAreCountedAsOneByOne() throws {
        var random = SeededGenerator(seed: 8)
        let labels = ["c", "a", "b"]
        let names = (0..<150).map { "\($0)" }
        let targets = names.map { _ in (0..<3).filter { _ in random.uniform() < 0.4 } }
        let (x, y) = (
            names.map { _ in (0..<3).map { _ in random.uniform() } },
            names.map { _ in (0..<3).map { _ in random.uniform() } }
        )
        let order = Array(names.indices.reversed())
        let a = try record(x.flatMap(\.self), names: names, targets: targets, labels: labels)
        let b = try record(
            order.flatMap { row in [1, 2, 0].map { y[row][$0] } }, names: order.map { names[$0] },
            targets: order.map { row in targets[row].map { ($0 + 2) % 3 }.sorted() }, labels: ["a", "b", "c"])
        let found = try ModelComparison.measure(a, b)
        func isRight(_ scores: [[Double]], _ row: Int, _ label: Int) -> Bool {
            (scores[row][label] > 0.5) == targets[row].contains(label)
        }
        for label in 0..<3 {
            let (before, after) = (
                names.indices.map { isRight(x, $0, label) }, names.indices.map { isRight(y, $0, label) }
            )
            #expect(found.perLabel[label].fixed == zip(before, after).count { !$0 && $1 })
            #expect(found.perLabel[label].broken == zip(before, after).count { $0 && !$1 })
        }
        func exact(_ scores: [[Double]]) -> [Bool] {
            names.indices.map { row in (0..<3).allSatisfy { isRight(scores, row, $0) } }
        }
        #expect(found.fixedImages == zip(exact(x), exact(y)).count { !$0 && $1 })
        #expect(found.brokenImages == zip(exact(x), exact(y)).count { $0 && !$1 })
        let changed = names.indices.filter { row in (0..<3).contains { isRight(x, row, $0) != isRight(y, row, $0) } }
        #expect(Set(found.flips.map(\.name)) == Set(changed.map { names[$0] }))
        for flip in found.flips {
            let row = try #require(Int(flip.name))
            #expect(flip.target == targets[row].map { labels[$0] })
            #expect(flip.b == (0..<3).filter { y[row][$0] > 0.5 }.map { labels[$0] })
            #expect(flip.fixed == (0..<3).filter { !isRight(x, row, $0) && isRight(y, row, $0) }.map { labels[$0] })
            #expect(flip.broken == (0..<3).filter { isRight(x, row, $0) && !isRight(y, row, $0) }.map { labels[$0] })
        }
    }

    @Test func whatCannotBeComparedIsRefusedWithASentence() throws {
        let a = try record(first, model: "1")
        func refusal(_ b: EvaluationRecord) -> String {
            do {
                _ = try ModelComparison.measure(a, b)
                return ""
            } catch { return "\(error)" }
        }
        #expect(refusal(try record(second, names: ["1", "2", "3", "5"])).contains("not of the same images"))
        #expect(refusal(try record(second, labels: ["a", "c"])).contains("'c'"))
        #expect(refusal(try record(second, targets: [[0], [0], [1], [1]])).contains("different truth"))
        #expect(refusal(try record(first, model: "1")).contains("with itself"))
        #expect(refusal(try record(first)).contains("the same scores"))
        #expect(refusal(try record(first, thresholds: [0.75], model: "1")).isEmpty)
    }
}
