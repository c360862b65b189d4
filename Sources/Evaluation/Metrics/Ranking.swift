/// What only the order of scores decides: average precision and the area under the ROC curve, one sort a label.
public enum Ranking {
    /// Sum over distinct scores, descending, of (recall gained) x (precision there), as scikit-learn's
    /// `average_precision_score`; ties count together. 0...1; nil without positives.
    public static func averagePrecision(_ scores: [Double], _ targets: [Bool]) -> Double? {
        let positives = targets.count { $0 }
        guard positives > 0 else { return nil }
        var sum = 0.0
        var (tp, seen) = (0, 0)
        forEachTie(scores, targets, descending: true) { hits, size in
            tp += hits
            seen += size
            sum += Double(hits) / Double(positives) * (Double(tp) / Double(seen))
        }
        return sum
    }

    /// The chance that a positive scores above a negative, ties half (Mann-Whitney). 0...1; nil unless both occur.
    public static func rocAUC(_ scores: [Double], _ targets: [Bool]) -> Double? {
        let positives = targets.count { $0 }
        let negatives = targets.count - positives
        guard positives > 0, negatives > 0 else { return nil }
        var below = 0
        // Twice the number of won pairs, a whole number.
        var wins = 0
        forEachTie(scores, targets, descending: false) { hits, size in
            wins += hits * (2 * below + (size - hits))
            below += size - hits
        }
        return Double(wins) / 2 / (Double(positives) * Double(negatives))
    }

    /// Runs over groups of equal scores: how many positives and how many in all.
    static func forEachTie(
        _ scores: [Double], _ targets: [Bool], descending: Bool, _ body: (_ hits: Int, _ size: Int) -> Void
    ) {
        let order = scores.indices.sorted { descending ? scores[$0] > scores[$1] : scores[$0] < scores[$1] }
        var at = 0
        while at < order.count {
            var (hits, end) = (0, at)
            while end < order.count, scores[order[end]] == scores[order[at]] {
                hits += targets[order[end]] ? 1 : 0
                end += 1
            }
            body(hits, end - at)
            at = end
        }
    }
}
