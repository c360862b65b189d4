/// Judges a record against a golden set. Nothing is passed by accident: what cannot be judged is inconclusive.
public enum Gate {
    public struct Judgement: Sendable {
        public let verdict: Verdict
        /// The right to export; only with a passed verdict on a known model.
        public let pass: GatePass?
    }

    /// - Parameters:
    ///   - record: of exactly the golden set's images.
    ///   - baseline: an earlier record over the same images, for rules that compare.
    ///   - trainedOn: the images that the model was trained on; none of them may be judged.
    public static func judge(
        record: EvaluationRecord, golden: GoldenSet, baseline: EvaluationRecord? = nil,
        trainedOn: TrainingImages = .unknown
    ) -> Judgement {
        var judge = Judge(record: record, golden: golden, baseline: baseline)
        judge.checkImages(trainedOn: trainedOn)
        judge.checkExpectations()
        let results = judge.ruleResults()
        let failed = results.contains { $0.outcome == .failed }
        let open = results.contains { $0.outcome == .inconclusive } || !judge.obstacles.isEmpty
        let outcome: Verdict.Outcome = failed ? .failed : open ? .inconclusive : .passed
        let ofExpectations = zip(judge.rules, results).filter { $0.0.metric == .expectations }.map(\.1.outcome)
        let verdict = Verdict(
            goldenSet: golden.name, outcome: outcome, rules: results, brokenExpectations: judge.broken,
            notes: judge.obstacles + judge.remarks, model: record.model, imageCount: record.images.count,
            expectationsOutcome: [.failed, .inconclusive, .passed].first(where: ofExpectations.contains))
        let pass = outcome == .passed ? record.model.map { GatePass(model: $0, verdict: verdict) } : nil
        return Judgement(verdict: verdict, pass: pass)
    }
}
