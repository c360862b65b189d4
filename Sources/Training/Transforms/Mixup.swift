import Evaluation
import Foundation

/// Mixup (Zhang et al., 2018) as fastai's: each image with another of its batch, lambda = max(l, 1 - l), l ~ Beta(a, a).
public struct Mixup: Sendable {
    public let alpha: Double

    public init(alpha: Double) { self.alpha = alpha }

    /// - Parameters: inputs `[count, width]` and targets `[count, labels]`, both mixed in place.
    public func apply(_ inputs: inout [Float], _ targets: inout [Float], count: Int, _ generator: inout SeededGenerator)
    {
        let shares = (0..<count).map { _ -> Float in
            let share = beta(&generator)
            return Float(max(share, 1 - share))
        }
        let others = generator.permutation(count)
        mix(&inputs, others, shares)
        mix(&targets, others, shares)
    }

    /// row = share * row + (1 - share) * the other row, as fastai's lerp writes it.
    private func mix(_ rows: inout [Float], _ others: [Int], _ shares: [Float]) {
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

    /// Beta(alpha, alpha): Johnk's method (1964), in logarithms, since powers of small alphas vanish.
    private func beta(_ generator: inout SeededGenerator) -> Double {
        for _ in 0..<10_000 {
            let x = log(1 - generator.uniform()) / alpha
            let y = log(1 - generator.uniform()) / alpha
            let top = max(x, y)
            let sum = top + log(exp(x - top) + exp(y - top))
            if sum <= 0 { return exp(x - sum) }
        }
        return 0.5
    }
}
