/// How the parts of an evaluation fare, the weakest first.
public struct SliceTable: Codable, Sendable, Equatable {
    public struct Row: Codable, Sendable, Equatable {
        public var name: String
        public var count: Int
        @Nullable public var accuracyMulti: Double?
        /// The share of images that are exactly right, with its exact binomial interval, widened so that all parts' intervals hold
        /// together in 95 of 100 cases (Bonferroni).
        @Nullable public var exactMatch: Double?
        public var low: Double
        public var high: Double
        /// Whether the interval lies wholly below the exact match of all images.
        public var isWeak: Bool
    }

    @Nullable public var exactMatch: Double?
    /// By the interval's upper end, then by exact match, both ascending.
    public var rows: [Row]

    /// Images without a full target are left out.
    public static func measure(_ record: EvaluationRecord, _ slices: [Slice]) -> SliceTable {
        let confidence = 1 - 0.05 / Double(max(slices.count, 1))
        let images = record.images
        let whole = record.figures.exactMatch
        let rows = slices.map { slice -> Row in
            let known = slice.rows.filter(images.isKnown)
            let exact = known.count(where: images.isExact)
            let wrong = record.labels.indices.reduce(0) { wrong, label in
                wrong + known.count { images.targets[label, $0] != images.predicted[label, $0] }
            }
            let decisions = known.count * record.labels.count
            let interval = Interval.clopperPearson(hits: exact, count: known.count, confidence: confidence)
            return Row(
                name: slice.name, count: known.count, accuracyMulti: Counts.ratio(decisions - wrong, decisions),
                exactMatch: Counts.ratio(exact, known.count), low: interval.lowerBound, high: interval.upperBound,
                isWeak: whole.map { interval.upperBound < $0 } ?? false)
        }
        return SliceTable(
            exactMatch: whole,
            rows: rows.sorted { ($0.high, $0.exactMatch ?? 1, $0.name) < ($1.high, $1.exactMatch ?? 1, $1.name) })
    }
}
