/// How far probabilities are from frequencies.
public enum CalibrationError {
    /// Mean squared difference of probability and truth (Brier, 1950). 0...1; nil without images.
    public static func brier(_ scores: [Double], _ targets: [Bool]) -> Double? {
        guard !scores.isEmpty else { return nil }
        return zip(scores, targets).reduce(0) { $0 + ($1.0 - ($1.1 ? 1 : 0)) * ($1.0 - ($1.1 ? 1 : 0)) }
            / Double(scores.count)
    }

    /// Expected calibration error of the label's probability (Naeini et al., 2015): over `bins` equal widths, the
    /// share of images in the bin times |mean probability - share of positives|. 0...1; nil without images.
    public static func expected(_ scores: [Double], _ targets: [Bool], bins: Int = 15) -> Double? {
        guard !scores.isEmpty, bins > 0 else { return nil }
        var sums = [Double](repeating: 0, count: bins)
        var hits = sums
        for (score, target) in zip(scores, targets) {
            let bin = min(bins - 1, Int(score * Double(bins)))
            sums[bin] += score
            hits[bin] += target ? 1 : 0
        }
        return zip(sums, hits).reduce(0) { $0 + abs($1.0 - $1.1) } / Double(scores.count)
    }
}
