import Evaluation
import Foundation

/// Mixup (Zhang et al., 2018) as fastai's: each image with another of its batch, lambda = max(l, 1 - l), l ~ Beta(a, a).
struct Mixup {
    let alpha: Double

    /// - Parameters: inputs `[count, width]` and targets `[count, labels]`, both mixed in place.
    func apply(_ inputs: inout [Float], _ targets: inout [Float], count: Int, _ generator: inout SeededGenerator) {
        let shares = (0..<count).map { _ -> Float in
            let share = beta(&generator)
            return Float(max(share, 1 - share))
        }
        let others = generator.permutation(count)
        mix(&inputs, others, shares)
        mix(&targets, others, shares)
    }

    private func mix(_ rows: inout [Float], _ others: [Int], _ shares: [Float]) {
        let width = rows.count / max(1, others.count)
        let plain = rows
        for (row, other) in others.enumerated() {
            for i in 0..<width {
                let theirs = plain[other * width + i]
                rows[row * width + i] = theirs + shares[row] * (plain[row * width + i] - theirs)
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
