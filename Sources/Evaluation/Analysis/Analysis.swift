/// What a record's scores and truth say beyond its figures: which thresholds to use and how far the figures may be off.
///
/// Each part is a file of its own beside the record; a report shows them.
public struct Analysis: Sendable, Equatable {
    public struct Options: Sendable, Equatable {
        /// What thresholds are chosen for; nil leaves them out, as on images that must not decide them.
        public var objective: ThresholdObjective? = .fBeta(1)
        public var folds = 5
        /// Bootstrap samples; 0 leaves the intervals out, nil is `FigureIntervals.resamples`.
        public var resamples: Int?
        /// Whether samples keep the labels' shares.
        public var isStratified = false
        public var confidence = 0.95
        public var seed: UInt64 = 42
        /// Whether scalings are fitted; not on images that must not decide them.
        public var calibrates = true
        /// Bins of reliability curves.
        public var bins = CalibrationSums.bins
        /// Labels that contradict every other; none: nothing contradicts.
        public var exclusive: [String] = []

        public init() {}
    }

    public var thresholds: ThresholdPlan?
    public var curves: [LabelCurve]
    public var intervals: FigureIntervals?
    public var calibration: Calibration?
    public var riskCoverage: RiskCoverage?
    /// Nil where no label is exclusive.
    public var contradictions: Contradictions?
    public var cooccurrence: LabelCooccurrence?
    /// What a person should know of the figures before believing them.
    public var remarks: [String]

    /// - Parameters:
    ///   - decoding: the thresholds that the model predicts with, where they are known.
    /// - Returns: nil where no image's labels are fully known.
    /// - Throws: `InputError` for an exclusive label that the record lacks.
    public static func measure(
        _ record: EvaluationRecord, options: Options = Options(), decoding: [Double]? = nil
    ) throws -> Analysis? {
        let columns = LabelColumns(record)
        guard columns.count > 0 else { return nil }
        return Analysis(
            thresholds: options.objective.map {
                .measure(
                    columns, current: record.thresholds, objective: $0, folds: options.folds, seed: options.seed)
            },
            curves: LabelCurve.measure(record),
            intervals: options.resamples == 0
                ? nil
                : .measure(
                    columns, thresholds: record.thresholds,
                    resamples: options.resamples
                        ?? FigureIntervals.resamples(images: columns.count, labels: columns.labels.count),
                    confidence: options.confidence, isStratified: options.isStratified, seed: options.seed),
            calibration: options.calibrates ? .measure(columns, bins: options.bins, seed: options.seed) : nil,
            riskCoverage: .measure(columns, thresholds: record.thresholds),
            contradictions: options.exclusive.isEmpty ? nil : try .find(record, exclusive: options.exclusive),
            cooccurrence: .measure(columns, thresholds: record.thresholds),
            remarks: [
                decoding.flatMap { ThresholdLint.remark(record, decoding: $0) }, CertainMistakes.remark(columns),
            ].compactMap { $0 })
    }

    /// The parts as files: `thresholds.json`, `curves.json`, `intervals.json`, `calibration.json`, `reliability.csv`,
    /// `risk_coverage.csv`, `contradictions.csv`, `cooccurrence.csv`.
    public func files() throws -> [(path: String, text: String)] {
        var files = [(path: LabelCurve.file, text: try JSON.text(curves, compact: true) + "\n")]
        if let thresholds { files.append((ThresholdsFile.name, try ThresholdsFile.json(thresholds))) }
        if let intervals { files.append((FigureIntervals.file, try JSON.text(intervals) + "\n")) }
        if let calibration {
            files.append((Calibration.file, try CalibrationFile.json(calibration)))
            files.append((Calibration.curveFile, calibration.reliabilityCSV))
        }
        if let riskCoverage { files.append((RiskCoverage.file, riskCoverage.csv)) }
        if let contradictions { files.append((Contradictions.file, contradictions.csv)) }
        if let cooccurrence { files.append((LabelCooccurrence.file, cooccurrence.csv)) }
        return files
    }

    /// What `metrics.json` has of it.
    func metrics() -> [String: JSON] {
        var fields: [String: JSON] = [:]
        if let intervals {
            fields["intervals"] = .object(
                intervals.figures.mapValues { .array([.number($0.shown?.low), .number($0.shown?.high)]) })
            fields["interval_kinds"] = .object(
                intervals.figures.mapValues { bounds in
                    bounds.shown.map { .string($0.isExact ? "exact" : "bootstrap") } ?? .null
                })
        }
        if let calibration {
            func outcome(_ outcome: Calibration.Outcome) -> JSON {
                .object(["ece": .number(outcome.error), "loss": .number(outcome.loss), "brier": .number(outcome.brier)])
            }
            var held = Dictionary(
                calibration.trials.map { ($0.method.rawValue, outcome($0.after)) }, uniquingKeysWith: { a, _ in a })
            held["unscaled"] = outcome(calibration.before)
            fields["calibration"] = .object([
                "ece_ceiling_by_chance": .number(calibration.overall.chanceCeiling), "held_out": .object(held),
                "held_out_count": .integer(calibration.heldOutCount),
                "temperature": .number(calibration.scaling.temperature),
            ])
        }
        if let risk = riskCoverage {
            func area(_ area: RiskCoverage.Area) -> JSON {
                .object(["aurc": .number(area.value), "best": .number(area.best), "random": .number(area.random)])
            }
            fields["risk_coverage"] = .object([
                "exact_match": area(risk.exactMatchArea), "hamming_loss": area(risk.hammingArea),
            ])
        }
        if let contradictions {
            fields["contradiction_count"] = .integer(contradictions.images.count)
            fields["contradiction_rate"] = .number(contradictions.rate)
        }
        return fields
    }
}
