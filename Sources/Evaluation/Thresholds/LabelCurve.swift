/// One label's precision and recall by threshold, for a chart.
public struct LabelCurve: Codable, Sendable, Equatable {
    public var label: String
    /// How many points the exact curve has.
    public var exactCount: Int
    /// At most `limit` of them, evenly from the first to the last.
    public var points: [PrecisionRecallPoint]

    public static let file = "curves.json"

    /// A curve for each label.
    public static func measure(_ columns: LabelColumns, limit: Int = 500) -> [LabelCurve] {
        Parallel.map(columns.labels.count, threads: Parallel.threads) { label in
            let exact = PrecisionRecallCurve.measure(DecisionSteps(columns.scores[label], columns.targets[label]))
            return LabelCurve(
                label: columns.labels[label], exactCount: exact.count,
                points: PrecisionRecallCurve.thinned(exact, to: limit))
        }
    }
}
