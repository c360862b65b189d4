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
        let beta = LogBeta(a, b)
        var (low, high) = (0.0, 1.0)
        for _ in 0..<200 {
            let middle = (low + high) / 2
            // Between neighbouring numbers there is none: the rest of the steps would change nothing.
            if middle == low || middle == high { return middle }
            if incompleteBeta(middle, a, b, beta) < p { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    /// The regularised incomplete beta function by Lentz's continued fraction (Numerical Recipes 6.4).
    static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
        incompleteBeta(x, a, b, LogBeta(a, b))
    }

    /// What does not depend on x: minus the logarithm of the beta function, summed in either order of a and b.
    private struct LogBeta {
        var forward, backward: Double

        init(_ a: Double, _ b: Double) {
            let (whole, first, second): (Double, Double, Double) = (lgamma(a + b), lgamma(a), lgamma(b))
            (forward, backward) = (whole - first - second, whole - second - first)
        }

        var swapped: LogBeta {
            var other = self
            (other.forward, other.backward) = (backward, forward)
            return other
        }
    }

    private static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double, _ beta: LogBeta) -> Double {
        guard x > 0 else { return 0 }
        guard x < 1 else { return 1 }
        if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(1 - x, b, a, beta.swapped) }
        let front = exp(beta.forward + a * log(x) + b * log1p(-x)) / a
        let tiny = 1e-300
        var c = 1.0
        var d = 1 - (a + b) * x / (a + 1)
        d = 1 / (abs(d) < tiny ? tiny : d)
        var fraction = d
        func step(_ numerator: Double) {
            d = 1 + numerator * d
            d = 1 / (abs(d) < tiny ? tiny : d)
            c = 1 + numerator / c
            c = abs(c) < tiny ? tiny : c
            fraction *= d * c
        }
        // It takes about as many terms as the root of a + b.
        for m in 1...100_000 {
            let m = Double(m)
            step(m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)))
            step(-(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)))
            if abs(d * c - 1) < 1e-16 { break }
        }
        return front * fraction
    }
}
