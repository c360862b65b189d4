/// How far each figure may be off, being measured on so many images and no more.
public struct FigureIntervals: Codable, Sendable, Equatable {
    public static let file = "intervals.json"

    public var version = 1
    /// Share of such intervals that hold the figure of all images there could be.
    public var confidence: Double
    /// Bootstrap samples.
    public var resamples: Int
    public var seed: UInt64
    /// Whether samples keep the labels' shares; nil in files of earlier versions, whose do.
    @Nullable public var stratified: Bool?
    /// Figures over all labels, by `metrics.json`'s names.
    public var figures: [String: Bounds]
    public var perLabel: [Label]

    public struct Label: Codable, Sendable, Equatable {
        public var label: String
        public var figures: [String: Bounds]
    }

    public struct Bounds: Codable, Sendable, Equatable {
        @Nullable public var value: Double?
        /// The bootstrap's percentiles; null where it cannot tell, which `reason` says why.
        @Nullable public var low: Double?
        @Nullable public var high: Double?
        /// Clopper and Pearson's interval, for figures that are a share of counted trials, which it takes to be
        /// independent. They are where a trial is an image; decisions about one image hang together, so that for
        /// accuracy_multi and the micro averages the bootstrap is the one to go by.
        @Nullable public var exactLow: Double?
        @Nullable public var exactHigh: Double?
        /// Why there are no percentiles; null where there are.
        @Nullable public var reason: String?

        /// The interval to show: the bootstrap's, or where it cannot tell the exact one of a share; nil without either.
        public var shown: (low: Double, high: Double, isExact: Bool)? {
            if let low, let high { return (low, high, false) }
            if let exactLow, let exactHigh { return (exactLow, exactHigh, true) }
            return nil
        }
    }

    /// With fewer images a bootstrap has too few samples that differ to say anything of other images (Chernick, 2008, 9.1).
    public static let fewestImages = 10

    /// A calibration error adds up distances from zero, so that chance makes it larger: that of a sample exceeds that of the
    /// images it is drawn from as theirs exceeds that of all there could be (Ferro & Fricker, 2012). Its percentiles are moved
    /// by the mean excess, so that they lie around the figure.
    static let higherInSamples: Set = ["ece"]

    /// 1,000 samples suffice for 95 %.
    public static let mostResamples = 1000
    static let fewestResamples = 100

    /// Samples where nobody asks for a number: fewer where images and labels are so many that the intervals are narrow in
    /// any case.
    public static func resamples(images: Int, labels: Int) -> Int {
        min(mostResamples, max(fewestResamples, 400_000_000 / max(1, images * labels)))
    }

    /// - Parameters:
    ///   - thresholds: one a label.
    ///   - resamples: bootstrap samples, at least 1.
    ///   - isStratified: whether samples keep the labels' shares, for a set that was put together with so many images of each.
    public static func measure(
        _ columns: LabelColumns, thresholds: [Double], resamples: Int = mostResamples, confidence: Double = 0.95,
        isStratified: Bool = false, seed: UInt64 = 42
    ) -> FigureIntervals {
        precondition(thresholds.count == columns.labels.count, "a threshold for each label")
        precondition(confidence > 0 && confidence < 1 && resamples > 0, "a confidence below 1 and at least one sample")
        let figures = WeightedFigures(columns, thresholds: thresholds)
        let point = figures.sample([UInt16](repeating: 1, count: columns.count))
        let resampling = Resampling(columns, isStratified: isStratified, seed: seed)
        let samples = LaneSums.samples(resamples) { figures.samples($0, draw: resampling.weights) }
        func bounds(
            _ value: Double?, _ trials: (hits: Int, count: Int)?, _ drawn: [Double?], isHigher: Bool = false
        ) -> Bounds {
            let defined = drawn.compactMap { $0 }.sorted()
            let reason = unknown(value, defined, drawn.count, images: columns.count)
            let isKnown = reason == nil
            let shift = isHigher ? (value ?? 0) - defined.reduce(0, +) / Double(max(1, defined.count)) : 0
            func percentile(_ share: Double) -> Double? {
                isKnown ? Percentile.of(defined, share).map { isHigher ? max(0, $0 + shift) : $0 } : nil
            }
            let exact = trials.flatMap { trials in
                trials.count == 0
                    ? nil
                    : Interval.clopperPearson(hits: trials.hits, count: trials.count, confidence: confidence)
            }
            return Bounds(
                value: value, low: percentile((1 - confidence) / 2), high: percentile((1 + confidence) / 2),
                exactLow: exact?.lowerBound, exactHigh: exact?.upperBound, reason: reason)
        }
        let trials = Trials(columns, thresholds: thresholds)
        let overall = WeightedFigures.names.enumerated().map { index, name in
            (
                name,
                bounds(
                    point.overall[index], trials.overall[name], samples.map { $0.overall[index] },
                    isHigher: higherInSamples.contains(name))
            )
        }
        let perLabel = columns.labels.enumerated().map { label, name in
            Label(
                label: name,
                figures: Dictionary(
                    uniqueKeysWithValues: WeightedFigures.labelNames.enumerated().map { index, figure in
                        (
                            figure,
                            bounds(
                                point.perLabel[label][index], trials.perLabel[label][figure],
                                samples.map { $0.perLabel[label][index] })
                        )
                    }))
        }
        return FigureIntervals(
            confidence: confidence, resamples: resamples, seed: seed, stratified: isStratified,
            figures: Dictionary(uniqueKeysWithValues: overall), perLabel: perLabel)
    }
}

extension FigureIntervals {
    /// Why the percentiles of these samples say nothing; nil where they do.
    /// - Parameters:
    ///   - defined: the samples in which the figure is defined, ascending.
    ///   - size: of the figures that `value` is the difference of, where it is one: rounding is a share of these.
    static func unknown(
        _ value: Double?, _ defined: [Double], _ drawn: Int, images: Int, size: Double = 0
    ) -> String? {
        if value == nil { return "the figure is undefined" }
        if images < fewestImages { return "\(images) image\(images == 1 ? " is" : "s are") too few for the bootstrap" }
        if Double(defined.count) < 0.95 * Double(drawn) {
            return "the figure is undefined in too many bootstrap samples"
        }
        // But for rounding.
        if let first = defined.first, let last = defined.last, last - first <= 1e-12 * max(abs(last), size) {
            return "all bootstrap samples are equal"
        }
        return nil
    }
}

/// Hits and trials of the figures that are a share.
private struct Trials {
    var overall: [String: (hits: Int, count: Int)] = [:]
    var perLabel: [[String: (hits: Int, count: Int)]] = []

    init(_ columns: LabelColumns, thresholds: [Double]) {
        var total = Counts()
        var wrong = [Bool](repeating: false, count: columns.count)
        var silent = [Bool](repeating: true, count: columns.count)
        for label in columns.labels.indices {
            var counts = Counts()
            for (row, (score, target)) in zip(columns.scores[label], columns.targets[label]).enumerated() {
                let said = score > thresholds[label]
                counts.add(target: target, predicted: said)
                if said != target { wrong[row] = true }
                if said { silent[row] = false }
            }
            total = total + counts
            perLabel.append([
                "precision": (counts.tp, counts.tp + counts.fp), "recall": (counts.tp, counts.tp + counts.fn),
            ])
        }
        let decisions = columns.count * columns.labels.count
        overall = [
            "accuracy_multi": (total.tp + total.tn, decisions), "hamming_loss": (total.fp + total.fn, decisions),
            "exact_match": (wrong.count { !$0 }, columns.count),
            "no_prediction_rate": (silent.count { $0 }, columns.count),
            "micro_precision": (total.tp, total.tp + total.fp), "micro_recall": (total.tp, total.tp + total.fn),
        ]
    }
}
