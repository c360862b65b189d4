/// What a record's scores and truth say beyond its figures: which thresholds to use and how far the figures may be off.
///
/// Each part is a file of its own beside the record; a report shows them.
public struct Analysis: Sendable, Equatable {
    public struct Options: Sendable, Equatable {
        /// What thresholds are chosen for; nil leaves them out, as on images that must not decide them.
        public var objective: ThresholdObjective? = .fBeta(1)
        public var folds = 5
        /// Bootstrap samples; 0 leaves the intervals out.
        public var resamples = 1000
        public var confidence = 0.95
        public var seed: UInt64 = 42

        public init() {}
    }

    public var thresholds: ThresholdPlan?
    public var curves: [LabelCurve]
    public var intervals: FigureIntervals?
    /// What a person should know of the figures before believing them.
    public var remarks: [String]

    /// - Parameters:
    ///   - decoding: the thresholds that the model predicts with, where they are known.
    /// - Returns: nil where no image's labels are fully known.
    public static func measure(
        _ record: EvaluationRecord, options: Options = Options(), decoding: [Double]? = nil
    ) -> Analysis? {
        let columns = LabelColumns(record)
        guard columns.count > 0 else { return nil }
        return Analysis(
            thresholds: options.objective.map {
                .measure(
                    columns, current: record.thresholds, objective: $0, folds: options.folds, seed: options.seed)
            },
            curves: LabelCurve.measure(columns),
            intervals: options.resamples == 0
                ? nil
                : .measure(
                    columns, thresholds: record.thresholds, resamples: options.resamples,
                    confidence: options.confidence, seed: options.seed),
            remarks: [decoding.flatMap { ThresholdLint.remark(record, decoding: $0) }].compactMap { $0 })
    }

    /// The parts as files: `thresholds.json`, `curves.json`, `intervals.json`.
    public func files() throws -> [(path: String, text: String)] {
        var files = [(path: LabelCurve.file, text: try JSON.text(curves, compact: true) + "\n")]
        if let thresholds { files.append((ThresholdsFile.name, try ThresholdsFile.json(thresholds))) }
        if let intervals { files.append((FigureIntervals.file, try JSON.text(intervals) + "\n")) }
        return files
    }

    /// What `metrics.json` has of it.
    func metrics() -> [String: JSON] {
        var fields: [String: JSON] = [:]
        if let intervals {
            fields["intervals"] = .object(
                intervals.figures.mapValues { .array([.number($0.low), .number($0.high)]) })
        }
        return fields
    }
}
