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
    /// How many of the images the model was trained on; nil where that is not known.
    public var trainedOn: Int?

    public init(
        title: String, model: ModelIdentity? = nil, scores: ScoreTable, truth: TruthTable, thresholds: [Double],
        decoding: [Double]? = nil, pixelDigests: [String]? = nil, leftOut: LeftOut? = nil, trainedOn: Int? = nil
    ) {
        (self.title, self.model) = (title, model)
        (self.scores, self.truth) = (scores, truth)
        (self.thresholds, self.decoding) = (thresholds, decoding)
        (self.pixelDigests, self.leftOut, self.trainedOn) = (pixelDigests, leftOut, trainedOn)
    }

    /// Predictions from anywhere and a table of labels, matched by name.
    /// - Parameters:
    ///   - source: what the predictions were read from, for messages.
    ///   - vocab: labels that are known to exist though no row may carry them; they are measured without positives.
    ///   - thresholds: one a label of the predictions, or a single one for all.
    ///   - remark: called with a sentence for each kind of thing that the two do not share.
    /// - Throws: `InputError` for whatever `rules` do not allow.
    public init(
        title: String, predictions: ScoreTable, from source: String, labels table: LabelTable, vocab: [String] = [],
        thresholds: [Double], rules: MatchingRules, remark: (String) -> Void
    ) throws {
        let place = [source, table.source].compactMap { $0 }.joined(separator: ", ")
        let matching = try LabelMatching(
            predicted: predictions.labels, table, vocab: vocab, rules: rules, at: place)
        let labels = matching.kept.map { predictions.labels[$0] }
        guard !labels.contains("fname") else {
            throw InputError(
                "a label is called as the column of names in the tables to write", at: place,
                expected: "any name but 'fname'", got: "a label 'fname'")
        }
        let known =
            labels == predictions.labels
            ? predictions
            : ScoreTable(
                names: predictions.names, labels: labels,
                columns: predictions.columns.gathered(rows: nil, labels: matching.kept))
        let truth = try TruthTable(matching.table, labels: labels)
        let (scores, matched, images) = try known.matched(truth, rules: rules, at: place)
        var leftOut = matching.leftOut
        (leftOut.missingImages, leftOut.missingImageNames) = (images.missingImages, images.missingImageNames)
        (leftOut.extraImages, leftOut.extraImageNames) = (images.extraImages, images.extraImageNames)
        for sentence in [matching.remark].compactMap({ $0 }) + leftOut.sentences { remark(sentence) }
        self.init(
            title: title, scores: scores, truth: matched,
            thresholds: matching.kept.map { thresholds.count == 1 ? thresholds[0] : thresholds[$0] },
            leftOut: leftOut.isNothing ? nil : leftOut)
    }

    /// - Throws: `InputError` for a threshold out of range.
    public func measure(threads: Int? = nil) throws -> EvaluationRecord {
        precondition(scores.names == truth.names && scores.labels == truth.labels, "scores and truth in one order")
        var record = try EvaluationRecord.measure(
            title: title, model: model, matched: scores, truth: truth, thresholds: thresholds,
            pixelDigests: pixelDigests, leftOut: leftOut, threads: threads)
        record.trainedOn = trainedOn
        return record
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
