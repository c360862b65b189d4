import Evaluation
import Testing

/// Curves from one sort against counting at every threshold.
@Suite struct LabelCurveTests {
    private func columns(_ scores: [[Double]], _ targets: [[Bool]]) -> LabelColumns {
        LabelColumns(labels: scores.indices.map { "\($0)" }, scores: scores, targets: targets)
    }

    private func oracle(_ scores: [Double], _ targets: [Bool]) -> (points: [[Double?]], roc: [[Double?]]) {
        var points: [[Double?]] = []
        var roc: [[Double?]] = []
        for threshold in Set(scores).sorted() {
            let said = scores.map { $0 >= threshold }
            let tp = zip(said, targets).count { $0 && $1 }
            let (all, positives) = (said.count { $0 }, targets.count { $0 })
            func ratio(_ a: Int, _ b: Int) -> Double? { b == 0 ? nil : Double(a) / Double(b) }
            if threshold > 0, let precision = ratio(tp, all) {
                points.append([threshold, precision, ratio(tp, positives)])
            }
            roc.append([threshold, ratio(all - tp, targets.count - positives), ratio(tp, positives)])
        }
        return (points, roc)
    }

    private func points(_ curve: LabelCurve) -> [[Double?]] {
        curve.points.map { [$0.threshold, $0.precision, $0.recall] }
    }

    @Test func curvesAreExactAtEveryScore() {
        var random = SeededGenerator(seed: 2)
        for grid in [3.0, 1e9] {
            let scores = (0..<4).map { _ in (0..<300).map { _ in (random.uniform() * grid).rounded() / grid } }
            let targets = (0..<4).map { label in (0..<300).map { _ in random.uniform() < [0, 1, 0.1, 0.6][label] } }
            for (label, curve) in LabelCurve.measure(columns(scores, targets), limit: 1000).enumerated() {
                let expected = oracle(scores[label], targets[label])
                #expect(self.points(curve) == expected.points && curve.exactCount == expected.points.count)
                #expect(curve.roc.map { [$0.threshold, $0.falsePositiveRate, $0.truePositiveRate] } == expected.roc)
            }
            for (label, curve) in LabelCurve.measure(columns(scores, targets), limit: 7).enumerated() {
                let expected = oracle(scores[label], targets[label])
                #expect(self.points(curve) == PrecisionRecallCurve.thinned(expected.points, to: 7))
                let roc = curve.roc.map { [$0.threshold, $0.falsePositiveRate, $0.truePositiveRate] }
                #expect(roc == PrecisionRecallCurve.thinned(expected.roc, to: 7))
                #expect(curve.exactCount == expected.points.count)
            }
        }
    }

    @Test func aRecordsCurvesLeaveOutWhatIsPartlyKnown() throws {
        var random = SeededGenerator(seed: 3)
        let (names, labels) = ((0..<90).map { "\($0)" }, ["a", "b"])
        let values = (0..<180).map { _ in Double(Float(random.uniform())) }
        let targets = (0..<90).map { $0 % 5 == 0 ? nil : [[], [0], [1], [0, 1]][$0 % 4] }
        let record = try EvaluationRecord.measure(
            title: "t", scores: Scores(names: names, labels: labels, values: values),
            truth: Truth(names: names, labels: labels, targets: targets), thresholds: [0.5])
        let curves = LabelCurve.measure(record, threads: 1)
        #expect(curves == LabelCurve.measure(LabelColumns(record)) && curves[0].exactCount == 72)
        let floats = ScoreTable(
            names: NameList(names), labels: labels,
            columns: .float([0, 1].map { label in names.indices.map { Float(values[2 * $0 + label]) } }))
        let narrow = try EvaluationRecord.measure(
            title: "t", scores: floats, truth: TruthTable(Truth(names: names, labels: labels, targets: targets)),
            thresholds: [0.5])
        #expect(LabelCurve.measure(narrow) == curves)
    }
}
