/// Scores of every image by a linear model that was fitted without it: ridge regression of each label on a network's features,
/// with exact leave-one-out predictions (Allen, 1974; Cook, 1977: y - (y - fit) / (1 - leverage)), cut to 0...1.
///
/// Confident learning wants scores of models that have not seen the image. The linear model has not; the body that made the
/// features may have, so that these scores are out of sample for the label's last step only. The ridge is the one of a grid with
/// the least squared leave-one-out error.
public enum HeldOutScores {
    /// More features than this are projected on so many random directions (Johnson & Lindenstrauss, 1984).
    public static let mostFeatures = 256
    static let ridges = [1e-3, 1e-2, 1e-1, 1, 10]

    /// - Parameter truth: for the same images in the same order; labels that are not fully known count as none.
    /// - Throws: `InputError` if the names differ. Cost: N F^2 for each of five ridges.
    public static func leaveOneOut(_ features: FeatureRows, _ truth: Truth, seed: UInt64 = 0) throws -> Scores {
        guard features.names == truth.names else {
            throw InputError("features and truth name different images", expected: "the same images in one order")
        }
        let count = features.names.count
        guard count > 1 else {
            throw InputError(
                "no model can be fitted without the image it scores", expected: "at least two images", got: "\(count)")
        }
        let columns = standardised(features, seed: seed)
        let targets = truth.labels.indices.map { label in
            truth.targets.map { ($0 ?? []).contains(label) ? 1.0 : 0.0 }
        }
        let gram = Self.gram(columns)
        let moments = Parallel.map(targets.count, threads: Parallel.threads) { label in
            columns.map { dot($0, targets[label]) }
        }
        let fits = Parallel.map(ridges.count, threads: Parallel.threads) {
            fit(columns, gram, targets, moments, ridge: ridges[$0] * Double(count))
        }
        let best = fits.indices.min { fits[$0].error < fits[$1].error } ?? 0
        var values = [Double](repeating: 0, count: count * truth.labels.count)
        for (label, column) in fits[best].predictions.enumerated() {
            for (row, value) in column.enumerated() { values[row * truth.labels.count + label] = min(1, max(0, value)) }
        }
        return try Scores(names: truth.names, labels: truth.labels, values: values)
    }

    /// `[F][N]`, each of mean 0 and variance 1; constant features are 0.
    private static func standardised(_ features: FeatureRows, seed: UInt64) -> [[Double]] {
        let (count, width) = (features.names.count, features.width)
        var columns = (0..<width).map { at in (0..<count).map { Double(features.values[$0 * width + at]) } }
        if width > mostFeatures {
            scale(&columns)
            var random = SeededGenerator(seed: seed, 13)
            let source = columns
            columns = (0..<mostFeatures).map { _ in
                var sum = [Double](repeating: 0, count: count)
                for column in source {
                    let weight = random.normal()
                    for row in 0..<count { sum[row] += weight * column[row] }
                }
                return sum
            }
        }
        scale(&columns)
        return columns
    }

    private static func scale(_ columns: inout [[Double]]) {
        for at in columns.indices {
            let count = Double(max(columns[at].count, 1))
            let mean = columns[at].reduce(0, +) / count
            let spread = (columns[at].reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
            columns[at] = columns[at].map { spread > 1e-12 ? ($0 - mean) / spread : 0 }
        }
    }

    private static func gram(_ columns: [[Double]]) -> [[Double]] {
        Parallel.map(columns.count, threads: Parallel.threads) { a in (0...a).map { dot(columns[a], columns[$0]) } }
    }

    /// Four sums side by side, since a single one would wait for each product.
    private static func dot(_ x: [Double], _ y: [Double]) -> Double {
        var sums = SIMD4<Double>()
        var at = 0
        while at + 4 <= x.count {
            let (left, right) = (
                SIMD4(x[at], x[at + 1], x[at + 2], x[at + 3]), SIMD4(y[at], y[at + 1], y[at + 2], y[at + 3])
            )
            sums += left * right
            at += 4
        }
        var sum = sums.sum()
        while at < x.count {
            sum += x[at] * y[at]
            at += 1
        }
        return sum
    }

    /// - Parameter moments: `[C][F]`, the products of the features with each label's targets.
    /// - Returns: leave-one-out predictions `[C][N]` and the sum of their squared errors.
    private static func fit(
        _ columns: [[Double]], _ gram: [[Double]], _ targets: [[Double]], _ moments: [[Double]], ridge: Double
    ) -> (predictions: [[Double]], error: Double) {
        let count = targets.first?.count ?? 0
        let system = RidgeSystem(gram, ridge: ridge)
        let leverage = system.leverages(columns, count: count)
        var error = 0.0
        let predictions = zip(targets, moments).map { target, moments -> [Double] in
            let mean = target.reduce(0, +) / Double(max(count, 1))
            var fitted = [Double](repeating: mean, count: count)
            for (column, weight) in zip(columns, system.solve(moments)) {
                for row in 0..<count { fitted[row] += weight * column[row] }
            }
            return (0..<count).map { row in
                // A row that alone decides its own fit tells nothing without itself.
                let left = 1 - leverage[row]
                let value = left > 1e-9 ? target[row] - (target[row] - fitted[row]) / left : mean
                error += (target[row] - value) * (target[row] - value)
                return value
            }
        }
        return (predictions, error)
    }
}
