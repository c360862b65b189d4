/// Which labels of predictions are measured against a table's, matched by name, and which are left out on either side.
///
/// A label that no row of the table carries may be misspelt or the wrong column, and would count as never true; only what
/// is known to exist from elsewhere is measured without positives.
struct LabelMatching {
    /// Indices into the predictions' labels.
    var kept: [Int]
    /// The table without the labels that the predictions lack.
    var table: LabelTable
    var leftOut = LeftOut()

    /// Names shown in a message.
    private static let shown = 20

    /// - Parameters:
    ///   - vocab: labels that are known to exist though no row may carry them.
    ///   - place: what both were read from, for messages.
    /// - Throws: `InputError` naming the labels that are missing or extra, unless `rules` allow it.
    init(
        predicted: [String], _ table: LabelTable, vocab: [String], rules: MatchingRules, at place: String?
    ) throws {
        try Scores.requireUnique(predicted, "label")
        let known = Set(table.vocabulary).union(vocab)
        let given = Set(predicted)
        let missing = NameSample(LabelTable.sorted(known.subtracting(given)))
        let extra = NameSample(predicted.filter { !known.contains($0) })
        let refused = NameSample.difference(
            rules.allowsMissing ? NameSample() : missing, rules.allowsExtra ? NameSample() : extra,
            showing: Self.shown)
        if let refused {
            var ways: [String] = []
            if missing.count > 0, !rules.allowsMissing {
                ways.append("--allow-missing to leave out what has no predictions")
            }
            if extra.count > 0, !rules.allowsExtra {
                ways.append(
                    "--allow-extra to leave out what the labels file lacks, or --vocab with all labels to measure it")
            }
            throw InputError(
                "predictions and truth name different labels", at: place,
                expected: "the same labels, or \(ways.joined(separator: ", "))", got: refused)
        }
        kept = predicted.indices.filter { known.contains(predicted[$0]) }
        guard !kept.isEmpty else {
            throw InputError(
                "no label has both truth and predictions", at: place, expected: "labels written the same way",
                got: NameSample.difference(missing, extra, showing: Self.shown))
        }
        self.table = missing.count == 0 ? table : table.restricted(to: predicted).table
        (leftOut.missingLabels, leftOut.missingLabelNames) = (missing.count, missing.first)
        (leftOut.extraLabels, leftOut.extraLabelNames) = (extra.count, extra.first)
    }
}

extension TruthTable {
    /// The table's truth in terms of a model's labels, all of which exist whether or not a row carries them.
    /// - Returns: also what was left out; nil for nothing.
    /// - Throws: `InputError` naming every label that the model lacks, unless they may be left out.
    public static func matching(
        _ table: LabelTable, model labels: [String], allowsMissing: Bool = false
    ) throws -> (truth: TruthTable, leftOut: LeftOut?) {
        var rules = MatchingRules()
        rules.allowsMissing = allowsMissing
        let matching = try LabelMatching(predicted: labels, table, vocab: labels, rules: rules, at: table.source)
        return (
            try TruthTable(matching.table, labels: labels), matching.leftOut.isNothing ? nil : matching.leftOut
        )
    }
}
