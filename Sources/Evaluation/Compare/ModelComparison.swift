/// What changed from one evaluation to another of the same images and labels.
public struct ModelComparison: Codable, Sendable, Equatable {
    /// A figure of both, and the interval of its change.
    public struct Change: Codable, Sendable, Equatable {
        public var name: String
        @Nullable public var a: Double?
        @Nullable public var b: Double?
        /// b - a, and the ends of its 95 % interval: percentiles of resampled images, both models on the same ones (Efron &
        /// Tibshirani, 1993); nil where the figure is undefined.
        @Nullable public var change: Double?
        @Nullable public var low: Double?
        @Nullable public var high: Double?
    }

    /// One label's decisions.
    public struct Label: Codable, Sendable, Equatable {
        public var label: String
        public var support: Int
        /// Decisions wrong in a and right in b, and the reverse.
        public var fixed: Int
        public var broken: Int
        @Nullable public var f1A: Double?
        @Nullable public var f1B: Double?
        @Nullable public var averagePrecisionA: Double?
        @Nullable public var averagePrecisionB: Double?
        /// McNemar's exact p-value, and Holm's over all labels.
        public var pValue: Double
        public var adjustedPValue: Double

        enum CodingKeys: String, CodingKey {
            case label, support, fixed, broken, pValue
            case f1A = "f1A"
            case f1B = "f1B"
            case averagePrecisionA, averagePrecisionB, adjustedPValue
        }
    }

    /// An image of which something else is said.
    public struct Flip: Codable, Sendable, Equatable {
        public var name: String
        public var target: [String]
        public var a: [String]
        public var b: [String]
        public var fixed: [String]
        public var broken: [String]
        @Nullable public var lossChange: Double?
    }

    public var version = 1
    public var titleA: String
    public var titleB: String
    public var count: Int
    public var labels: [String]
    /// accuracy_multi, exact match, macro F1 and loss.
    public var figures: [Change]
    /// Images exactly right in b alone, and in a alone, with McNemar's p-value.
    public var fixedImages: Int
    public var brokenImages: Int
    public var pValue: Double
    public var perLabel: [Label]
    /// Most broken labels first, then most fixed, then by name.
    public var flips: [Flip]

    /// - Parameter resamples: how many times the images are drawn again.
    /// - Throws: `InputError` if the images, their labels or their truth differ, or both are the same model with the same
    ///   thresholds, or give the same answers to the last digit.
    public static func measure(
        _ a: EvaluationRecord, _ b: EvaluationRecord, resamples: Int = 1000, seed: UInt64 = 0
    ) throws -> ModelComparison {
        let pairs = try PairedImages.match(a, b)
        let known = pairs.filter { $0.target != nil }
        let right = known.map { ($0.isRight(\.a), $0.isRight(\.b)) }
        let (fixed, broken) = (right.count { !$0.0 && $0.1 }, right.count { $0.0 && !$0.1 })
        return ModelComparison(
            titleA: a.title, titleB: b.title, count: known.count, labels: a.labels,
            figures: PairedBootstrap(known, labelCount: a.labels.count).changes(resamples: resamples, seed: seed),
            fixedImages: fixed, brokenImages: broken, pValue: McNemar.pValue(fixed: fixed, broken: broken),
            perLabel: perLabel(a, b, known), flips: flips(known, a.labels))
    }

    private static func perLabel(_ a: EvaluationRecord, _ b: EvaluationRecord, _ images: [PairedImages]) -> [Label] {
        let (before, after) = (a.perLabel, b.perLabel)
        let order = Dictionary(after.enumerated().map { ($1.label, $0) }, uniquingKeysWith: { first, _ in first })
        var rows = before.indices.map { label -> Label in
            let other = order[before[label].label].map { after[$0] }
            let fixed = images.count { !$0.isRight(\.a, label) && $0.isRight(\.b, label) }
            let broken = images.count { $0.isRight(\.a, label) && !$0.isRight(\.b, label) }
            let p = McNemar.pValue(fixed: fixed, broken: broken)
            return Label(
                label: before[label].label, support: before[label].support, fixed: fixed, broken: broken,
                f1A: before[label].f1, f1B: other?.f1, averagePrecisionA: before[label].averagePrecision,
                averagePrecisionB: other?.averagePrecision, pValue: p, adjustedPValue: p)
        }
        for (index, p) in McNemar.holm(rows.map(\.pValue)).enumerated() { rows[index].adjustedPValue = p }
        return rows
    }

    private static func flips(_ images: [PairedImages], _ labels: [String]) -> [Flip] {
        let flips = images.filter { $0.a != $0.b }.map { image -> Flip in
            func names(_ wanted: (Int) -> Bool) -> [String] { labels.indices.filter(wanted).map { labels[$0] } }
            return Flip(
                name: image.name, target: names { image.target?.contains($0) ?? false }, a: names(image.a.contains),
                b: names(image.b.contains), fixed: names { !image.isRight(\.a, $0) && image.isRight(\.b, $0) },
                broken: names { image.isRight(\.a, $0) && !image.isRight(\.b, $0) },
                lossChange: image.lossChange)
        }
        return flips.sorted {
            ($1.broken.count, $1.fixed.count, $0.name) < ($0.broken.count, $0.fixed.count, $1.name)
        }
    }

    /// `fname,target,a,b,fixed,broken,loss_change`, labels joined by `;`.
    public var flipsCSV: String {
        flips.reduce(CSV.line(["fname", "target", "a", "b", "fixed", "broken", "loss_change"])) { text, flip in
            text
                + CSV.line(
                    [flip.name]
                        + [flip.target, flip.a, flip.b, flip.fixed, flip.broken].map { $0.joined(separator: ";") }
                        + [flip.lossChange.map { "\($0)" } ?? ""])
        }
    }
}
