/// A named part of the images.
public struct Slice: Sendable, Equatable {
    public var name: String
    /// Indices of the record's images.
    public var rows: [Int]

    public init(name: String, rows: [Int]) {
        self.name = name
        self.rows = rows
    }

    /// A part for each value that `values` names; images without one are in none. Sorted by name.
    /// - Parameter kind: what the values are of, such as a column.
    public static func byValue(_ kind: String, _ values: [String?]) -> [Slice] {
        var rows: [String: [Int]] = [:]
        for (row, value) in values.enumerated() { if let value { rows[value, default: []].append(row) } }
        return rows.keys.sorted().map { Slice(name: "\(kind) = \($0.isEmpty ? "(empty)" : $0)", rows: rows[$0] ?? []) }
    }

    /// A part for each folder that images lie in; nothing where all lie in one.
    public static func byFolder(_ names: [String]) -> [Slice] {
        let folders = names.map { name in name.lastIndex(of: "/").map { String(name[..<$0]) } ?? "." }
        return Set(folders).count < 2 ? [] : byValue("folder", folders)
    }

    /// Parts of about equal size by a number, at most `bins`; equal numbers stay together, so there may be fewer.
    public static func byQuantile(_ kind: String, _ values: [Double], bins: Int = 4) -> [Slice] {
        let sorted = values.sorted()
        guard let last = sorted.last, bins > 1 else { return [] }
        let cuts = Array(Set((1..<bins).map { sorted[$0 * sorted.count / bins] })).sorted().filter { $0 > sorted[0] }
        guard !cuts.isEmpty else { return [] }
        let edges = [sorted[0]] + cuts + [last]
        return (0...cuts.count).map { bin in
            let rows = values.indices.filter { row in cuts.count { $0 <= values[row] } == bin }
            let (low, high) = (FigureText.of(edges[bin]), FigureText.of(edges[bin + 1]))
            return Slice(name: "\(kind) \(low) to \(high)", rows: rows)
        }
    }
}

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
