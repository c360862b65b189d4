/// All that an evaluation is measured from: scores and truth of the same images in one order, and at which thresholds.
public struct EvaluationInput: Sendable, Equatable {
    public var title: String
    public var model: ModelIdentity?
    public var scores: ScoreTable
    /// Of the same images, in the same order, as the scores.
    public var truth: TruthTable
    /// One a label.
    public var thresholds: [Double]
    /// The thresholds that the model predicts with, where they are known.
    public var decoding: [Double]?
    /// One an image, where images were read.
    public var pixelDigests: [String]?
    /// What truth and predictions did not share.
    public var leftOut: LeftOut?

    public init(
        title: String, model: ModelIdentity? = nil, scores: ScoreTable, truth: TruthTable, thresholds: [Double],
        decoding: [Double]? = nil, pixelDigests: [String]? = nil, leftOut: LeftOut? = nil
    ) {
        (self.title, self.model) = (title, model)
        (self.scores, self.truth) = (scores, truth)
        (self.thresholds, self.decoding) = (thresholds, decoding)
        (self.pixelDigests, self.leftOut) = (pixelDigests, leftOut)
    }

    /// Predictions from anywhere and a table of labels, matched by name.
    /// - Parameters:
    ///   - source: what the predictions were read from, for messages.
    ///   - thresholds: one a label, or a single one for all.
    ///   - remark: called with a sentence for each kind of thing that `rules` let be left out.
    /// - Throws: `InputError` for whatever `rules` do not allow.
    public init(
        title: String, predictions: ScoreTable, from source: String, labels table: LabelTable, thresholds: [Double],
        rules: MatchingRules, remark: (String) -> Void
    ) throws {
        let (known, dropped) = rules.allowsMissing ? table.restricted(to: predictions.labels) : (table, [])
        let truth = try TruthTable(known, labels: predictions.labels)
        let place = [source, table.source].compactMap { $0 }.joined(separator: ", ")
        let (scores, matched, found) = try predictions.matched(truth, rules: rules, at: place, remark: remark)
        var leftOut = found
        leftOut.missingLabels = dropped.count
        if !dropped.isEmpty {
            var sample = NameSample()
            for label in dropped { sample.add(label) }
            remark("left out, \(dropped.count) labels without predictions: \(sample.text)")
        }
        let width = predictions.labels.count
        self.init(
            title: title, scores: scores, truth: matched,
            thresholds: thresholds.count == 1 ? Array(repeating: thresholds[0], count: width) : thresholds,
            leftOut: leftOut.isNothing ? nil : leftOut)
    }

    /// - Throws: `InputError` for a threshold out of range.
    public func measure(threads: Int? = nil) throws -> EvaluationRecord {
        precondition(scores.names == truth.names && scores.labels == truth.labels, "scores and truth in one order")
        return try .measure(
            title: title, model: model, matched: scores, truth: truth, thresholds: thresholds,
            pixelDigests: pixelDigests, leftOut: leftOut, threads: threads)
    }

    /// Some of the images.
    public func rows(_ range: Range<Int>) -> EvaluationInput {
        var part = self
        let names = truth.names.part(range)
        part.scores = ScoreTable(names: names, labels: scores.labels, columns: scores.columns.rows(range))
        part.truth = TruthTable(
            names: names, labels: truth.labels, targets: truth.targets.gathered(Array(range)),
            known: truth.known.map { Array($0[range]) })
        part.pixelDigests = pixelDigests.map { Array($0[range]) }
        return part
    }
}
