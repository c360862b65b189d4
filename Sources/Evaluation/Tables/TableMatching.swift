/// Whether truth and predictions may differ in their images and labels. Unless allowed, a difference is refused.
public struct MatchingRules: Sendable {
    /// Labelled images, and labels, without predictions are left out.
    public var allowsMissing = false
    /// Predicted images, and labels, without truth are left out.
    public var allowsExtra = false

    public init() {}
}

extension ScoreTable {
    /// Scores and truth of the same images in the truth's order, and the same labels, matched by name.
    /// - Parameters:
    ///   - place: what the scores and the truth were read from, for messages.
    /// - Throws: `InputError` that lists the first of what is missing or extra and says how much there is, unless `rules`
    ///   allow it; nothing is dropped silently.
    public func matched(
        _ truth: TruthTable, rules: MatchingRules = MatchingRules(), at place: String? = nil
    ) throws -> (scores: ScoreTable, truth: TruthTable, leftOut: LeftOut) {
        let columns = try matchedLabels(truth.labels, at: place)
        let places = columns == Array(labels.indices) ? nil : columns
        if names == truth.names {
            // Duplicates are looked for here too.
            _ = try NameIndex(names, "image name", in: place)
            return (
                ScoreTable(
                    names: names, labels: truth.labels,
                    columns: places.map { self.columns.gathered(rows: nil, labels: $0) } ?? self.columns), truth,
                LeftOut()
            )
        }
        let index = try NameIndex(names, "image name", in: place)
        _ = try NameIndex(truth.names, "image name", in: place)
        var rows: [Int] = []
        var kept: [Int] = []
        var missing = NameSample()
        var isUsed = [Bool](repeating: false, count: names.count)
        for row in truth.names.indices {
            guard let place = truth.names.withBytes(row, { index[$0] }) else {
                missing.add(truth.names[row])
                continue
            }
            rows.append(place)
            kept.append(row)
            isUsed[place] = true
        }
        var extra = NameSample()
        for (place, used) in isUsed.enumerated() where !used { extra.add(names[place]) }
        try Self.judge(missing, extra, truth.names.count, rules, place)
        guard !rows.isEmpty else {
            throw InputError(
                "no image has both labels and a prediction", at: place, expected: "file names written the same way",
                got: "'\(truth.names.first ?? "")' and '\(names.first ?? "")'")
        }
        var leftOut = LeftOut()
        (leftOut.missingImages, leftOut.missingImageNames) = (missing.count, missing.first)
        (leftOut.extraImages, leftOut.extraImageNames) = (extra.count, extra.first)
        let known = missing.count == 0 ? truth : truth.gathered(kept)
        return (
            ScoreTable(
                names: known.names, labels: truth.labels,
                columns: self.columns.gathered(rows: rows, labels: columns)), known, leftOut
        )
    }

    private func matchedLabels(_ wanted: [String], at place: String?) throws -> [Int] {
        try Scores.requireUnique(labels, "label")
        return try Scores.match(labels, wanted, "label", place)
    }

    private static func judge(
        _ missing: NameSample, _ extra: NameSample, _ count: Int, _ rules: MatchingRules, _ place: String?
    ) throws {
        let refused = NameSample.difference(
            rules.allowsMissing ? NameSample() : missing, rules.allowsExtra ? NameSample() : extra)
        if let refused {
            throw InputError(
                "predictions and truth name different images", at: place,
                expected: "the same \(count) images, or --allow-missing, --allow-extra",
                got: refused + (NameSample.lookalike(missing, extra).map { "; \($0)" } ?? ""))
        }
    }
}
