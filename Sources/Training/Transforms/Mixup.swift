import Evaluation
import Foundation

/// Mixup (Zhang et al., 2018) as fastai's: each image with another of its batch, lambda = max(l, 1 - l), l ~ Beta(a, a).
public struct Mixup: Sendable {
    public let alpha: Double

    public init(alpha: Double) { self.alpha = alpha }

    /// Which images of a batch are mixed, and how.
    public struct Mixture: Sendable, Equatable {
        /// Each row's partner.
        public let others: [Int]
        /// What each row keeps of itself.
        public let shares: [Float]

        /// Mixes rows in place: row = share * row + (1 - share) * the other row, as fastai's lerp writes it.
        /// - Parameter rows: `[count, width]`: images, or their targets.
        public func apply(to rows: inout [Float]) {
            let width = rows.count / max(1, others.count)
            let plain = rows
            rows.withUnsafeMutableBufferPointer { mixed in
                plain.withUnsafeBufferPointer { plain in
                    guard let mixed = mixed.baseAddress, let plain = plain.baseAddress else { return }
                    for (row, other) in others.enumerated() {
                        let (to, own, theirs) = (mixed + row * width, plain + row * width, plain + other * width)
                        let share = shares[row]
                        for i in 0..<width { to[i] = theirs[i] + share * (own[i] - theirs[i]) }
                    }
                }
            }
        }
    }

    /// The mixture of a batch of `count` images.
    public func mixture(of count: Int, _ generator: inout SeededGenerator) -> Mixture {
        let shares = (0..<count).map { _ -> Float in
            let share = alpha > 1 ? ratioOfGammas(&generator) : ratioOfPowers(&generator)
            return Float(max(share, 1 - share))
        }
        return Mixture(others: generator.permutation(count), shares: shares)
    }

    /// Beta(alpha, alpha) for alpha up to 1, where half of the tries or more succeed: Johnk's method (1964), in
    /// logarithms, since powers of small alphas vanish.
    private func ratioOfPowers(_ generator: inout SeededGenerator) -> Double {
        // Of smaller alphas the logarithms would be infinite.
        let alpha = max(alpha, 1e-300)
        while true {
            let x = log(1 - generator.uniform()) / alpha
            let y = log(1 - generator.uniform()) / alpha
            let top = max(x, y)
            let sum = top + log(exp(x - top) + exp(y - top))
            if sum <= 0 { return exp(x - sum) }
        }
    }

    /// Beta(alpha, alpha) for alpha above 1: x / (x + y) of two gamma variates.
    private func ratioOfGammas(_ generator: inout SeededGenerator) -> Double {
        let x = gammaOverMode(&generator)
        let y = gammaOverMode(&generator)
        return x / (x + y)
    }

    /// Gamma(alpha) over alpha - 1/3, for alpha above 1: Marsaglia and Tsang's method (2000).
    private func gammaOverMode(_ generator: inout SeededGenerator) -> Double {
        let d = alpha - 1 / 3
        while true {
            let x = generator.normal()
            let root = 1 + x / (9 * d).squareRoot()
            guard root > 0 else { continue }
            let v = root * root * root
            if log(1 - generator.uniform()) < x * x / 2 + d * (1 - v + log(v)) { return v }
        }
    }
}
