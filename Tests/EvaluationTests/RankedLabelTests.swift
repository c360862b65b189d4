import Evaluation
import Testing

@Suite struct RankedLabelTests {
    /// Enough for the digits to be sorted one by one; ties, zeros of both signs and ones among them.
    private func labelled(_ count: Int) -> (scores: [Double], targets: [Bool]) {
        var random = SeededGenerator(seed: 1)
        let scores = (0..<count).map { index -> Double in
            switch index % 5 {
            case 0: Double(random.integer(below: 100)) / 100
            case 1: index % 2 == 0 ? 0 : -0.0
            case 2: 1
            default: random.uniform() * random.uniform()
            }
        }
        return (scores, scores.map { random.uniform() < 0.2 + 0.5 * $0 })
    }

    @Test func numbersSortByDigitsAsByComparing() {
        for mask in [UInt64.max, 0xFF00_0000_0000, 1] {
            var random = SeededGenerator(seed: 3)
            var keys = (0..<20_000).map { _ in random.next() & mask }
            let expected = keys.sorted()
            RadixSort.sort(&keys)
            #expect(keys == expected)
        }
    }

    @Test(arguments: [400, 9000])
    func figuresAreThoseOfTheirDefinitions(_ count: Int) throws {
        let (scores, targets) = labelled(count)
        let points = [0.3, 0, 1, 0.9, 0.25]
        for (point, threshold) in zip(ThresholdCurve.measure([scores], [targets], at: points), points) {
            var counts = Counts()
            for (score, target) in zip(scores, targets) { counts.add(target: target, predicted: score > threshold) }
            #expect(point.threshold == threshold && point.macroF1 == counts.f1)
            #expect(point.accuracyMulti == Double(counts.tp + counts.tn) / Double(count))
        }
        let order = scores.indices.sorted { scores[$0] < scores[$1] }
        // Ranks from 1, those of equal scores being their mean.
        var (ranks, at) = (0.0, 0)
        while at < count {
            let end = order[at...].firstIndex { scores[$0] != scores[order[at]] } ?? count
            let hits = order[at..<end].count { targets[$0] }
            ranks += Double(hits) * Double(at + 1 + end) / 2
            at = end
        }
        let positives = Double(targets.count { $0 })
        let area = (ranks - positives * (positives + 1) / 2) / (positives * (Double(count) - positives))
        #expect(agrees(Ranking.rocAUC(scores, targets), area))
        let names = (0..<count).map(String.init)
        let table = try Scores(names: names, labels: ["x"], values: scores.map { Double(Float($0)) })
        let truth = try Truth(names: names, labels: ["x"], targets: targets.map { $0 ? [0] : [] })
        let wide = try EvaluationRecord.measure(title: "", scores: table, truth: truth, thresholds: [0.5])
        #expect(agrees(wide.perLabel[0].averagePrecision, Ranking.averagePrecision(table.values, targets)))
        #expect(agrees(wide.perLabel[0].ece, CalibrationError.expected(table.values, targets)))
    }
}
