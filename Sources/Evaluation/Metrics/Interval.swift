import Foundation

/// The exact binomial interval (Clopper & Pearson, 1934).
public enum Interval {
    /// The two-sided interval of a proportion of `hits` in `count` trials; (0, 1) without trials.
    /// - Parameter confidence: above 0 and below 1.
    public static func clopperPearson(hits: Int, count: Int, confidence: Double) -> ClosedRange<Double> {
        guard count > 0 else { return 0...1 }
        let tail = (1 - confidence) / 2
        let low = hits == 0 ? 0 : quantile(tail, Double(hits), Double(count - hits + 1))
        let high = hits == count ? 1 : quantile(1 - tail, Double(hits + 1), Double(count - hits))
        return low...max(low, high)
    }

    /// Where the beta distribution's share reaches `p`, by bisection.
    static func quantile(_ p: Double, _ a: Double, _ b: Double) -> Double {
        var (low, high) = (0.0, 1.0)
        for _ in 0..<200 {
            let middle = (low + high) / 2
            if incompleteBeta(middle, a, b) < p { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    /// The regularised incomplete beta function by Lentz's continued fraction (Numerical Recipes 6.4).
    static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
        guard x > 0 else { return 0 }
        guard x < 1 else { return 1 }
        if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(1 - x, b, a) }
        let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x)) / a
        let tiny = 1e-300
        var c = 1.0
        var d = 1 - (a + b) * x / (a + 1)
        d = 1 / (abs(d) < tiny ? tiny : d)
        var fraction = d
        // It takes about as many terms as the root of a + b.
        for m in 1...100_000 {
            let m = Double(m)
            for numerator in [
                m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
                -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
            ] {
                d = 1 + numerator * d
                d = 1 / (abs(d) < tiny ? tiny : d)
                c = 1 + numerator / c
                c = abs(c) < tiny ? tiny : c
                fraction *= d * c
            }
            if abs(d * c - 1) < 1e-16 { break }
        }
        return front * fraction
    }
}
