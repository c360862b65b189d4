/// Precision and recall of one label when everything scored at least `threshold` is predicted.
public struct PrecisionRecallPoint: Codable, Sendable, Equatable {
    public var threshold: Double
    public var precision: Double
    @Nullable public var recall: Double?
}

/// The precision-recall curve, exact: a point for each distinct score, as scikit-learn's `precision_recall_curve` without
/// its last point (precision 1, recall 0, no threshold).
public enum PrecisionRecallCurve {
    /// Points by ascending threshold; recall is nil without positives. A score of 0 is never predicted and has no point.
    public static func measure(_ steps: DecisionSteps) -> [PrecisionRecallPoint] {
        steps.lows.indices.compactMap { step in
            let counts = steps.counts(step)
            guard let precision = counts.precision else { return nil }
            return PrecisionRecallPoint(threshold: steps.high(step), precision: precision, recall: counts.recall)
        }
    }

    /// At most `limit` of the points, evenly from the first to the last.
    public static func thinned<Point>(_ points: [Point], to limit: Int) -> [Point] {
        guard points.count > limit, limit > 1 else { return points }
        return (0..<limit).map { points[$0 * (points.count - 1) / (limit - 1)] }
    }
}
