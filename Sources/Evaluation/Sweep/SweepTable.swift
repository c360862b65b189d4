/// A model's figures while one property of the pictures changes at a time, and how far each value moves them.
public struct SweepTable: Codable, Sendable, Equatable {
    public static let file = "sweep.json"
    public static let csvFile = "sweep.csv"

    public struct Figure: Codable, Sendable, Equatable {
        @Nullable public var value: Double?
        /// 95 % interval: percentiles of resampled images (Efron & Tibshirani, 1993).
        @Nullable public var low: Double?
        @Nullable public var high: Double?
        /// The figure less that of the unchanged pictures, and the interval of that, both on the same resampled images.
        @Nullable public var change: Double?
        @Nullable public var changeLow: Double?
        @Nullable public var changeHigh: Double?

        /// Whether the change's interval leaves out zero.
        public var isChanged: Bool { (changeLow ?? 0) > 0 || (changeHigh ?? 0) < 0 }
    }

    public struct Row: Codable, Sendable, Equatable {
        public var factor: String
        /// Nil for pictures that are left as they are and have no value of the factor.
        @Nullable public var value: Double?
        public var isUnchanged: Bool
        /// By the names of `SweepTable.figures`.
        public var figures: [String: Figure]
        /// Images fixed and broken against the unchanged ones: exactly right in one alone.
        public var fixedImages: Int
        public var brokenImages: Int
    }

    public static let figures = PairedBootstrap.figures

    public var version = 1
    public var title: String
    public var count: Int
    public var resamples: Int
    public var seed: UInt64
    /// By factor in the order asked for, then by value; the unchanged pictures are in every factor.
    public var rows: [Row]

    /// The rows of each factor, in their order.
    public var factors: [(name: String, rows: [Row])] {
        rows.reduce(into: []) { factors, row in
            if factors.last?.name == row.factor {
                factors[factors.count - 1].rows.append(row)
            } else {
                factors.append((row.factor, [row]))
            }
        }
    }

    /// One value of one factor, and what the model's figures are there.
    public struct Part: Sendable {
        public var factor: String
        public var value: Double?
        /// Nil for the unchanged pictures.
        public var record: EvaluationRecord?

        public init(factor: String, value: Double?, record: EvaluationRecord?) {
            (self.factor, self.value, self.record) = (factor, value, record)
        }
    }

    /// - Parameters:
    ///   - base: of the unchanged pictures.
    ///   - parts: of the same images in the same order, labels and thresholds.
    /// - Throws: `InputError` if the images, labels or truth differ, or no image has full labels.
    public static func measure(
        _ base: EvaluationRecord, _ parts: [Part], resamples: Int = 1000, seed: UInt64 = 42
    ) throws -> SweepTable {
        let rows = try parts.map { part in
            try row(base, part, resamples: resamples, seed: seed)
        }
        return SweepTable(
            title: base.title, count: base.figures.count, resamples: resamples, seed: seed, rows: rows)
    }

    private static func row(
        _ base: EvaluationRecord, _ part: Part, resamples: Int, seed: UInt64
    ) throws -> Row {
        let pairs = try pairs(base, part.record ?? base)
        let (fixed, broken) = pairs.exactChanges()
        return Row(
            factor: part.factor, value: part.value, isUnchanged: part.record == nil,
            figures: PairedBootstrap(pairs).both(resamples: resamples, seed: seed), fixedImages: fixed,
            brokenImages: broken)
    }

    private static func pairs(_ a: EvaluationRecord, _ b: EvaluationRecord) throws -> PairedImages {
        let (first, second) = (a.images, b.images)
        guard a.labels == b.labels, first.names == second.names, first.targets == second.targets,
            first.indices.allSatisfy({ first.isKnown($0) == second.isKnown($0) })
        else {
            throw InputError("a sweep's evaluations differ", at: a.title, expected: "the same images, labels and truth")
        }
        guard first.indices.contains(where: first.isKnown) else {
            throw InputError(
                "nothing to measure", at: a.title, expected: "at least one image with full labels", got: "none")
        }
        return PairedImages(a, b)
    }

    /// `factor,value,unchanged,fixed_images,broken_images` and, for each figure, itself, `_low`, `_high`, `_change`,
    /// `_change_low` and `_change_high`.
    public var csv: String {
        let suffixes = ["", "_low", "_high", "_change", "_change_low", "_change_high"]
        let head = ["factor", "value", "unchanged", "fixed_images", "broken_images"]
        let header = CSV.line(head + Self.figures.flatMap { name in suffixes.map { name + $0 } })
        return rows.reduce(into: header) { text, row in
            let figures = Self.figures.flatMap { name -> [Double?] in
                guard let f = row.figures[name] else { return suffixes.map { _ in nil } }
                return [f.value, f.low, f.high, f.change, f.changeLow, f.changeHigh]
            }
            text += CSV.line(
                [row.factor, row.value.map { "\($0)" } ?? "", "\(row.isUnchanged)", "\(row.fixedImages)"]
                    + ["\(row.brokenImages)"] + figures.map { $0.map { "\($0)" } ?? "" })
        }
    }
}

extension PairedBootstrap {
    /// b's figures and how they differ from a's, by name, with intervals from the same draws.
    fileprivate func both(resamples: Int, seed: UInt64) -> [String: SweepTable.Figure] {
        var samples = [String: [(value: Double, change: Double)]]()
        func pairs(_ figures: Figures) -> [(String, Double, Double)] {
            zip(Self.figures, figures).compactMap { name, pair in
                pair.a.flatMap { a in pair.b.map { (name, $0, $0 - a) } }
            }
        }
        for draw in draws(resamples, seed: seed) {
            for (name, value, change) in pairs(draw) { samples[name, default: []].append((value, change)) }
        }
        var result = Dictionary(
            Self.figures.map { ($0, SweepTable.Figure()) }, uniquingKeysWith: { first, _ in first })
        for (name, value, change) in pairs(whole()) {
            let drawn = samples[name] ?? []
            let (values, changes) = (drawn.map(\.value).sorted(), drawn.map(\.change).sorted())
            // As in the intervals of figures, there is none where the draws cannot tell.
            func end(_ ascending: [Double], _ share: Double) -> Double? {
                FigureIntervals.unknown(value, ascending, resamples, images: imageCount, size: abs(value)) == nil
                    ? Percentile.of(ascending, share) : nil
            }
            result[name] = SweepTable.Figure(
                value: value, low: end(values, 0.025), high: end(values, 0.975), change: change,
                changeLow: end(changes, 0.025), changeHigh: end(changes, 0.975))
        }
        return result
    }
}
