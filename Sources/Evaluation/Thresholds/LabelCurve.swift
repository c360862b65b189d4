/// One label's precision and recall by threshold, and its ROC curve, for charts.
public struct LabelCurve: Codable, Sendable, Equatable {
    public var label: String
    /// How many points the exact precision-recall curve has.
    public var exactCount: Int
    /// At most `limit` of them, evenly from the first to the last.
    public var points: [PrecisionRecallPoint]
    /// The same of the ROC curve.
    public var roc: [ROCPoint]

    public static let file = "curves.json"

    /// A curve for each label.
    public static func measure(_ columns: LabelColumns, limit: Int = 500) -> [LabelCurve] {
        Parallel.map(columns.labels.count, threads: Parallel.threads) { label in
            RankedLabel(columns.scores[label], columns.targets[label]).curve(columns.labels[label], limit: limit)
        }
    }

    /// A curve for each label of the images whose labels are fully known, one sort a label.
    public static func measure(_ record: EvaluationRecord, limit: Int = 500, threads: Int? = nil) -> [LabelCurve] {
        let images = record.images
        let rows = Rows(count: images.count, known: images.known)
        func curves<Score: RankedScore>(_ columns: [[Score]]) -> [LabelCurve] {
            Parallel.map(columns.count, threads: threads ?? Parallel.threads) { label in
                RankedLabel<Score>(Measurement.keys(columns[label], images.targets, label, rows))
                    .curve(record.labels[label], limit: limit)
            }
        }
        switch images.columns {
        case .float(let columns): return curves(columns)
        case .double(let columns): return curves(columns)
        }
    }
}

/// The shares of negatives and of positives that are predicted when everything scored at least `threshold` is.
public struct ROCPoint: Codable, Sendable, Equatable {
    public var threshold: Double
    /// nil without negatives.
    @Nullable public var falsePositiveRate: Double?
    /// nil without positives.
    @Nullable public var truePositiveRate: Double?
}

extension RankedLabel {
    /// The exact curves, a point for each distinct score, thinned to `limit` points.
    ///
    /// By ascending threshold: scikit-learn's `precision_recall_curve` without its last point, and without a score of 0,
    /// which no threshold predicts; and its `roc_curve(drop_intermediate=False)` without its first point.
    func curve(_ label: String, limit: Int) -> LabelCurve {
        var (groups, hasZero) = (0, false)
        forEachTie { score, _, _ in
            groups += 1
            hasZero = hasZero || score == 0
        }
        // Which groups from the top are kept; they come in descending order here and ascending in the curves.
        let exactCount = groups - (hasZero ? 1 : 0)
        var precision = Kept(exactCount, limit)
        var roc = Kept(groups, limit)
        var curve = LabelCurve(label: label, exactCount: exactCount, points: [], roc: [])
        var (group, tp, seen) = (0, 0, 0)
        forEachTie { score, hits, size in
            tp += hits
            seen += size
            if precision.takes(group) {
                curve.points.append(
                    PrecisionRecallPoint(
                        threshold: score, precision: Double(tp) / Double(seen), recall: Counts.ratio(tp, positives)))
            }
            if roc.takes(group) {
                curve.roc.append(
                    ROCPoint(
                        threshold: score, falsePositiveRate: Counts.ratio(seen - tp, negatives),
                        truePositiveRate: Counts.ratio(tp, positives)))
            }
            group += 1
        }
        curve.points.reverse()
        curve.roc.reverse()
        return curve
    }
}

/// Which of `count` points in descending order `PrecisionRecallCurve.thinned` keeps of the ascending ones.
private struct Kept {
    private let count: Int
    private let limit: Int
    private var next: Int

    init(_ count: Int, _ limit: Int) {
        (self.count, self.limit) = (count, limit)
        next = limit - 1
    }

    mutating func takes(_ descending: Int) -> Bool {
        guard descending < count else { return false }
        guard count > limit, limit > 1 else { return true }
        guard next >= 0, next * (count - 1) / (limit - 1) == count - 1 - descending else { return false }
        next -= 1
        return true
    }
}
