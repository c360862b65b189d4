import Foundation

/// Temperature scaling (Platt, 1999, without an offset; Guo et al., 2017): the logit divided by one number.
public enum Temperature {
    /// Temperatures are looked for between these. Scores that separate positives from negatives wholly have their least loss
    /// at 0, and scores that tell nothing, or the reverse, at infinity: neither is an estimate.
    public static let range = 0.01...100.0

    /// `1 / (1 + exp(-logit / temperature))`; probabilities within 1e-12 of 0 or 1 count as that far from them.
    public static func apply(_ probability: Double, _ temperature: Double) -> Double {
        logistic(logit(probability) / temperature)
    }

    static func logit(_ probability: Double) -> Double {
        let p = min(1 - 1e-12, max(1e-12, probability))
        return log(p) - log1p(-p)
    }

    /// The temperature with the smallest mean binary cross-entropy over all the columns.
    ///
    /// The loss is convex in 1 / temperature, so its slope has one root, found by Newton's steps within a bracket that halves
    /// where a step would leave it.
    /// - Parameters: `scores` and `targets` are `[C][N]`.
    /// - Returns: nil unless there are positives and negatives, and where the loss is least beyond `range`.
    public static func fit(_ scores: [[Double]], _ targets: [[Bool]]) -> Double? {
        fit(scores, targets, threads: Parallel.threads)
    }

    /// - Parameter threads: the result does not depend on it. Memory: 9 bytes a score.
    static func fit(
        _ scores: some RandomAccessCollection<[Double]>, _ targets: some RandomAccessCollection<[Bool]>, threads: Int
    ) -> Double? {
        let targets = Array(targets)
        let positives = targets.reduce(0) { $0 + $1.count { $0 } }
        let count = targets.reduce(0) { $0 + $1.count }
        guard positives > 0, positives < count else { return nil }
        let logits = Parallel.map(scores.count, threads: threads) { label in
            scores[scores.index(scores.startIndex, offsetBy: label)].map(logit)
        }
        /// The loss's first and second derivative by 1 / temperature.
        func slope(_ inverse: Double) -> (first: Double, second: Double) {
            var (first, second) = (0.0, 0.0)
            for (column, truth) in zip(logits, targets) {
                TemperatureSlope.add(column, truth, inverse, threads: threads, to: &first, &second)
            }
            return (first, second)
        }
        var (low, high) = (1 / range.upperBound, 1 / range.lowerBound)
        guard slope(low).first < 0, slope(high).first > 0 else { return nil }
        var inverse = 1.0
        for _ in 0..<200 {
            let (first, second) = slope(inverse)
            if first == 0 { break }
            if first < 0 { low = inverse } else { high = inverse }
            let step = second > 0 ? inverse - first / second : .infinity
            // The root is looked for by its order of magnitude where a step leaves the bracket.
            let next = step > low && step < high ? step : (low * high).squareRoot()
            if abs(next - inverse) <= 1e-13 * inverse { break }
            inverse = next
        }
        return 1 / inverse
    }
}
