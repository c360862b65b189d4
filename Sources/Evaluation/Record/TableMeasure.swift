extension EvaluationRecord {
    /// Measures predictions from anywhere against a table of labels, matched by name.
    /// - Parameters:
    ///   - source: what the predictions were read from, for messages.
    ///   - vocab: labels that are known to exist though no row may carry them.
    ///   - remark: called with a sentence for each kind of thing that `rules` let be left out.
    /// - Throws: `InputError` for whatever `rules` do not allow, and as `measure`.
    public static func measure(
        title: String, predictions: ScoreTable, from source: String, labels table: LabelTable, vocab: [String] = [],
        thresholds: [Double], rules: MatchingRules, threads: Int? = nil, remark: (String) -> Void
    ) throws -> EvaluationRecord {
        try EvaluationInput(
            title: title, predictions: predictions, from: source, labels: table, vocab: vocab, thresholds: thresholds,
            rules: rules, remark: remark
        ).measure(threads: threads)
    }
}
