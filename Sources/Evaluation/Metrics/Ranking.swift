/// What only the order of scores decides: average precision and the area under the ROC curve, one sort a label.
public enum Ranking {
    /// Sum over distinct scores, descending, of (recall gained) x (precision there), as scikit-learn's
    /// `average_precision_score`; ties count together. 0...1; nil without positives.
    public static func averagePrecision(_ scores: [Double], _ targets: [Bool]) -> Double? {
        RankedLabel(scores, targets).figures(at: []).averagePrecision
    }

    /// The chance that a positive scores above a negative, ties half (Mann-Whitney). 0...1; nil unless both occur.
    public static func rocAUC(_ scores: [Double], _ targets: [Bool]) -> Double? {
        RankedLabel(scores, targets).figures(at: []).rocAUC
    }
}
