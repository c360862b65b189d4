import Foundation

/// Which labels of predictions are measured against a table's, matched by name, and which are left out on either side.
///
/// A predicted label that no row of the table carries is measured without positives, and said to be so unless it is known
/// from elsewhere: a small table often lacks a model's rarest labels. A misspelt one shows on the other side, where a label
/// without predictions is refused.
struct LabelMatching {
    /// Indices into the predictions' labels.
    var kept: [Int]
    /// The table without the labels that the predictions lack.
    var table: LabelTable
    var leftOut = LeftOut()
    /// A sentence on the predicted labels that no row carries and nobody vouches for, where they are measured.
    var remark: String?

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
        if missing.count > 0, !rules.allowsMissing {
            let hint = Self.delimiter(of: known.subtracting(given), given).map {
                " (the labels file seems to separate them by '\($0)': --label-delimiter '\($0)')"
            }
            throw InputError(
                "predictions and truth name different labels", at: place,
                expected: "the same labels\(hint ?? ""), or --allow-missing to leave out what has no predictions",
                got: NameSample.difference(
                    missing, rules.allowsExtra ? NameSample() : extra, showing: Self.shown))
        }
        guard known.isEmpty || extra.count < predicted.count else {
            throw InputError(
                "no label has both truth and predictions", at: place, expected: "labels written the same way",
                got: NameSample.difference(missing, extra, showing: Self.shown))
        }
        kept = predicted.indices.filter { !rules.allowsExtra || known.contains(predicted[$0]) }
        guard !kept.isEmpty else {
            throw InputError(
                "no label is left to measure", at: place, expected: "a labelled image, or --vocab",
                got: NameSample.difference(missing, extra, showing: Self.shown))
        }
        self.table = missing.count == 0 ? table : table.restricted(to: predicted).table
        (leftOut.missingLabels, leftOut.missingLabelNames) = (missing.count, missing.first)
        guard extra.count > 0 else { return }
        if rules.allowsExtra {
            (leftOut.extraLabels, leftOut.extraLabelNames) = (extra.count, extra.first)
        } else {
            remark =
                "measured without positives, \(extra.count) predicted label\(extra.count == 1 ? "" : "s") that the labels "
                + "file lacks: \(extra.text(showing: Self.shown)); --allow-extra leaves out what is no label"
        }
    }

    /// What separates the labels of a cell that was read as one: nil unless it does so in each of `unknown`.
    private static func delimiter(of unknown: Set<String>, _ given: Set<String>) -> Character? {
        ([",", " ", "|", ";", "/"] as [Character]).first { candidate in
            unknown.allSatisfy { label in
                let parts = label.split(separator: candidate).map { $0.trimmingCharacters(in: .whitespaces) }
                return parts.count > 1 && parts.allSatisfy(given.contains)
            }
        }
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
