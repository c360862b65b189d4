import Evaluation
import Testing

@Suite struct DuplicateLabelsTests {
    /// Four labels over single-label images: 1 and 2 are one thing, so their scores share one probability at random.
    static func twins(seed: UInt64 = 3) throws -> (scores: Scores, truth: Truth) {
        var random = SeededGenerator(seed: seed)
        let labels = ["cat", "medical", "surgical", "dog"]
        let targets = (0..<200).map { [$0 % 4] }
        let values = targets.flatMap { target -> [Double] in
            var row = labels.map { _ in random.uniform(0, 0.1) }
            if target[0] == 1 || target[0] == 2 {
                row[1] = random.uniform(0.2, 0.8)
                row[2] = 1 - row[1]
            } else {
                row[target[0]] = random.uniform(0.8, 1)
            }
            return row
        }
        let names = targets.indices.map { "\($0)" }
        return (
            try Scores(names: names, labels: labels, values: values),
            try Truth(names: names, labels: labels, targets: targets)
        )
    }

    @Test func twinsComeFirstAndNoHonestPairIsAsHigh() throws {
        let (scores, truth) = try Self.twins()
        let found = try DuplicateLabels.find(scores, truth)
        #expect(found.pairs.count == 6)
        #expect([found.pairs[0].first, found.pairs[0].second] == ["medical", "surgical"])
        #expect(found.pairs[0].behavesAsOne && found.pairs[0].crossPrediction > 0.8)
        #expect(found.pairs.dropFirst().allSatisfy { !$0.behavesAsOne && $0.crossPrediction < 0.2 })
        #expect(try found == DuplicateLabels.find(scores, truth))
        let ceiling = try #require(found.nullCeiling)
        #expect(ceiling < found.pairs[0].crossPrediction)
        #expect(ceiling == 0.4678534494612796, "the shuffles have seeds of their own, whichever thread makes them")
    }

    @Test func crossPredictionAndCorrelationByHand() throws {
        let names = ["p", "q", "r"]
        let found = try DuplicateLabels.find(
            Scores(names: names, labels: ["a", "b"], values: [0.8, 0.4, 0.2, 0.5, 0.9, 0.9]),
            Truth(names: names, labels: ["a", "b"], targets: [[0], [1], [0, 1]]))
        // a: 0.2 on the other's image of 0.8 on its own; b: 0.4 of 0.5.
        #expect(agrees(found.pairs[0].crossPrediction, (0.25 + 0.8) / 2))
        let (x, y) = ([0.8, 0.2, 0.9], [0.4, 0.5, 0.9])
        let (mx, my) = (1.9 / 3, 1.8 / 3)
        var (xy, xx, yy) = (0.0, 0.0, 0.0)
        for (a, b) in zip(x, y) {
            xy += (a - mx) * (b - my)
            xx += (a - mx) * (a - mx)
            yy += (b - my) * (b - my)
        }
        #expect(agrees(found.pairs[0].correlation, xy / (xx * yy).squareRoot()))
    }

    @Test func labelsThatNoImageTellsApartAreNoPair() throws {
        let found = try DuplicateLabels.find(
            Scores(names: ["p"], labels: ["a", "b"], values: [0.8, 0.4]),
            Truth(names: ["p"], labels: ["a", "b"], targets: [[0, 1]]))
        #expect(found.pairs.isEmpty && found.nullCeiling == nil)
    }

    @Test func aMergeAddsTheScoresAndJoinsTheTruth() throws {
        let (scores, truth) = try Self.twins()
        let merge = try LabelMerge.simulate("medical", "surgical", scores, truth, threshold: 0.5)
        #expect(merge.before.exactMatch.map { $0 < 0.9 } == true)
        #expect(merge.after.exactMatch == 1 && agrees(merge.after.meanAveragePrecision, 1))
        // Under another delimiter a label may be called as both together.
        let names = ["medical;surgical", "medical", "surgical", "(medical;surgical)"]
        let renamed = try LabelMerge.simulate(
            "medical", "surgical", Scores(names: scores.names, labels: names, values: scores.values),
            Truth(names: truth.names, labels: names, targets: truth.targets), threshold: 0.5)
        #expect(renamed.after == merge.after)
        #expect(throws: InputError.self) {
            try LabelMerge.simulate("cat", "fish", scores, truth, threshold: 0.5)
        }
    }
}

@Suite struct LabelDistanceTests {
    /// Two labels drawn from one source, and one from elsewhere.
    @Test func labelsOfOneSourceHaveNoDistance() throws {
        var random = SeededGenerator(seed: 21)
        let names = (0..<90).map { "\($0)" }
        let features = FeatureRows(
            names: names, width: 4,
            values: names.indices.flatMap { row in (0..<4).map { _ in Float(random.normal() + (row % 3 == 2 ? 3 : 0)) }
            })
        let truth = try Truth(names: names, labels: ["a", "b", "c"], targets: names.indices.map { [$0 % 3] })
        let scores = try Scores(
            names: names, labels: truth.labels, values: (0..<270).map { _ in random.uniform() })
        let pairs = try DuplicateLabels.find(scores, truth, features: features, shuffles: 10).pairs
        func distance(_ a: String, _ b: String) -> Double? {
            pairs.first { $0.first == a && $0.second == b }?.featureDistance
        }
        // Squared distance of the means, 4 x 9, by both spreads, 4 + 4.
        #expect((distance("a", "b") ?? 1) < 0.1)
        #expect(abs((distance("a", "c") ?? 0) - 4.5) < 1)
        #expect(abs((distance("b", "c") ?? 0) - 4.5) < 1)
        #expect(try DuplicateLabels.find(scores, truth, shuffles: 10).pairs.allSatisfy { $0.featureDistance == nil })
    }
}
