/// The normal equations of a ridge regression, factored once (Cholesky): `gram` + `ridge` on its diagonal.
struct RidgeSystem {
    /// `[F]` rows of the lower triangle, each up to its diagonal.
    private let lower: [[Double]]

    /// Rows whose leverages are found at a time, so that what is solved for them stays in the cache: the whole would be a copy
    /// of all features.
    private static let block = 64

    /// - Parameter gram: `[F]` rows of the lower triangle of the features' products.
    init(_ gram: [[Double]], ridge: Double) {
        var lower = gram
        for a in gram.indices {
            for b in 0...a {
                var sum = gram[a][b] + (a == b ? ridge : 0)
                for k in 0..<b { sum -= lower[a][k] * lower[b][k] }
                lower[a][b] = a == b ? max(sum, 1e-300).squareRoot() : sum / lower[b][b]
            }
        }
        self.lower = lower
    }

    /// The F weights that the F products with a target lead to.
    func solve(_ moments: [Double]) -> [Double] {
        var weights = moments
        for a in lower.indices {
            for k in 0..<a { weights[a] -= lower[a][k] * weights[k] }
            weights[a] /= lower[a][a]
        }
        for a in lower.indices.reversed() {
            for k in lower.indices.dropFirst(a + 1) { weights[a] -= lower[k][a] * weights[k] }
            weights[a] /= lower[a][a]
        }
        return weights
    }

    /// How far each of `count` rows decides its own fit, the mean's share included. 0...1.
    /// - Parameter columns: `[F][N]`.
    func leverages(_ columns: [[Double]], count: Int) -> [Double] {
        var leverages = [Double](repeating: 1 / Double(max(count, 1)), count: count)
        // Rows of lower^-1 X^T, so that a row's leverage is the sum of its squares.
        var solved = [[Double]](repeating: [Double](repeating: 0, count: Self.block), count: lower.count)
        for first in stride(from: 0, to: count, by: Self.block) {
            let size = min(Self.block, count - first)
            for a in lower.indices {
                var values = solved[a]
                for at in 0..<size { values[at] = columns[a][first + at] }
                for k in 0..<a {
                    let weight = lower[a][k]
                    for at in 0..<size { values[at] -= weight * solved[k][at] }
                }
                for at in 0..<size {
                    values[at] /= lower[a][a]
                    leverages[first + at] += values[at] * values[at]
                }
                solved[a] = values
            }
        }
        return leverages
    }
}
