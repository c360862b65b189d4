/// How far apart the pictures of two labels lie in a network's features.
enum LabelDistance {
    /// The squared distance of the two means, less what so few pictures have by chance, by the sum of both spreads: 0 where
    /// the network sees no difference (or one within chance), 1 where the labels are as far apart as pictures of one label.
    /// - Parameters: `a` and `b` are rows, at least two each, else nil.
    static func between(_ a: [Int], _ b: [Int], _ features: FeatureRows) -> Double? {
        guard a.count > 1, b.count > 1 else { return nil }
        let (x, y) = (Cloud(a, features), Cloud(b, features))
        guard x.spread + y.spread > 0 else { return nil }
        let apart = zip(x.mean, y.mean).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        return max(0, apart - x.spread / Double(a.count) - y.spread / Double(b.count)) / (x.spread + y.spread)
    }

    private struct Cloud {
        var mean: [Double]
        /// The sum of the features' variances, over n - 1.
        var spread: Double

        init(_ rows: [Int], _ features: FeatureRows) {
            var (sum, squares) = ([Double](repeating: 0, count: features.width), 0.0)
            for row in rows {
                for (at, value) in features[row].enumerated() {
                    sum[at] += Double(value)
                    squares += Double(value) * Double(value)
                }
            }
            let count = Double(rows.count)
            mean = sum.map { $0 / count }
            spread = max(0, squares - count * mean.reduce(0) { $0 + $1 * $1 }) / (count - 1)
        }
    }
}
