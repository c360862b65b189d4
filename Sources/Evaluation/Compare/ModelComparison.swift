/// What changed from one evaluation to another of the same images and labels.
public struct ModelComparison: Codable, Sendable, Equatable {
    /// A figure of both, and the interval of its change.
    public struct Change: Codable, Sendable, Equatable {
        public var name: String
        @Nullable public var a: Double?
        @Nullable public var b: Double?
        /// b - a, and the ends of its 95 % interval: percentiles of images drawn anew, both models
        /// on the same ones (Efron & Tibshirani, 1993); nil where the figure is undefined.
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
        let images = try RecordPairing.match(a, b)
        let (fixed, broken) = images.exactChanges()
        return ModelComparison(
            titleA: a.title, titleB: b.title, count: images.count, labels: a.labels,
            figures: PairedBootstrap(images).changes(resamples: resamples, seed: seed),
            fixedImages: fixed, brokenImages: broken, pValue: McNemar.pValue(fixed: fixed, broken: broken),
            perLabel: perLabel(a, b, images), flips: flips(images, a.labels))
    }

    private static func perLabel(_ a: EvaluationRecord, _ b: EvaluationRecord, _ images: PairedImages) -> [Label] {
        let (before, after) = (a.perLabel, b.perLabel)
        let order = Dictionary(after.enumerated().map { ($1.label, $0) }, uniquingKeysWith: { first, _ in first })
        var rows = before.indices.map { label -> Label in
            let other = order[before[label].label].map { after[$0] }
            let (fixed, broken) = images.changes(label)
            let p = McNemar.pValue(fixed: fixed, broken: broken)
            return Label(
                label: before[label].label, support: before[label].support, fixed: fixed, broken: broken,
                f1A: before[label].f1, f1B: other?.f1, averagePrecisionA: before[label].averagePrecision,
                averagePrecisionB: other?.averagePrecision, pValue: p, adjustedPValue: p)
        }
        for (index, p) in McNemar.holm(rows.map(\.pValue)).enumerated() { rows[index].adjustedPValue = p }
        return rows
    }

    private static func flips(_ images: PairedImages, _ labels: [String]) -> [Flip] {
        let flips = images.flipped().map { row -> Flip in
            let (target, a, b) = (images.targets[row], images.a[row], images.b[row])
            func names(_ set: [Int]) -> [String] { set.map { labels[$0] } }
            let changed = labels.indices.filter { images.a[$0, row] != images.b[$0, row] }
            return Flip(
                name: images.names[row], target: names(target), a: names(a), b: names(b),
                fixed: names(changed.filter { images.b[$0, row] == images.targets[$0, row] }),
                broken: names(changed.filter { images.a[$0, row] == images.targets[$0, row] }),
                lossChange: images.lossChange(row))
        }
        return flips.sorted {
            ($1.broken.count, $1.fixed.count, $0.name) < ($0.broken.count, $0.fixed.count, $1.name)
        }
    }

    /// `fname,target,a,b,fixed,broken,loss_change`, labels joined by `;`.
    public var flipsCSV: String {
        var text = CSV.line(["fname", "target", "a", "b", "fixed", "broken", "loss_change"])
        for flip in flips {
            text += CSV.line(
                [flip.name] + [flip.target, flip.a, flip.b, flip.fixed, flip.broken].map { $0.joined(separator: ";") }
                    + [flip.lossChange.map { "\($0)" } ?? ""])
        }
        return text
    }
}

extension PairedBootstrap {
    /// b - a with intervals.
    fileprivate func changes(resamples: Int, seed: UInt64) -> [ModelComparison.Change] {
        let draws = draws(resamples, seed: seed)
        return zip(Self.figures, whole()).enumerated().map { index, figure in
            let (name, (a, b)) = figure
            var change = ModelComparison.Change(name: name, a: a, b: b, change: nil, low: nil, high: nil)
            guard let a, let b else { return change }
            change.change = b - a
            let drawn = draws.compactMap { draw in draw[index].a.flatMap { a in draw[index].b.map { $0 - a } } }
            let sorted = drawn.sorted()
            // Of too few images, or where every draw is the same, draws say nothing of other images.
            guard
                FigureIntervals.unknown(b - a, sorted, resamples, images: imageCount, size: max(abs(a), abs(b))) == nil
            else { return change }
            (change.low, change.high) = (Percentile.of(sorted, 0.025), Percentile.of(sorted, 0.975))
            return change
        }
    }
}
