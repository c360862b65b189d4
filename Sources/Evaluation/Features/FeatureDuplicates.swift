/// Pictures that a network sees as one: nearer to each other than either is to the rest of its neighbourhood.
///
/// How alike features are depends on the network and on the pictures: those of a uniform set lie close together without being
/// copies. So no fixed likeness is asked for, but a gap, as in Lowe's ratio test (2004): the distance of two copies is at most
/// `largestRatio` of the distance from either to its tenth neighbour.
public enum FeatureDuplicates {
    public struct Pair: Sendable, Equatable {
        /// Rows of the features, the first below the second.
        public let first, second: Int
        /// Cosine of the two rows, -1...1.
        public let similarity: Double
        /// Their distance by the lesser distance to a tenth neighbour, 0...1; less is more alike.
        public let ratio: Double
    }

    static let neighbours = 10
    public static let largestRatio = 0.5

    /// Pairs by ratio, ascending. Fewer than 20 pictures have no neighbourhood and give none. Cost: N^2 F / 2 products.
    public static func find(_ features: FeatureRows) -> [Pair] {
        let count = features.names.count
        guard count >= 2 * neighbours else { return [] }
        let unit = features.unit
        let near = Parallel.map(count, threads: Parallel.threads) { nearest(to: $0, unit) }
        func distance(_ cosine: Float) -> Double { max(0, 2 - 2 * Double(cosine)).squareRoot() }
        var pairs: [Pair] = []
        for row in 0..<count {
            for other in near[row].dropLast() where other.row > row {
                let scale = min(
                    distance(near[row][neighbours - 1].cosine), distance(near[other.row][neighbours - 1].cosine))
                let apart = distance(other.cosine)
                // All ten are copies of one picture, or the network sees nothing at all.
                guard scale > 0, apart <= largestRatio * scale else { continue }
                pairs.append(
                    Pair(first: row, second: other.row, similarity: Double(other.cosine), ratio: apart / scale))
            }
        }
        return pairs.sorted { ($0.ratio, $0.first, $0.second) < ($1.ratio, $1.first, $1.second) }
    }

    /// The ten nearest rows, the nearest first; of equally near ones the first rows.
    private static func nearest(to row: Int, _ unit: FeatureRows) -> [(row: Int, cosine: Float)] {
        var found: [(row: Int, cosine: Float)] = []
        unit.values.withUnsafeBufferPointer { values in
            for other in 0..<unit.names.count where other != row {
                let cosine = dot(values, row * unit.width, other * unit.width, unit.width)
                if found.count == neighbours, let last = found.last, cosine <= last.cosine { continue }
                let at = found.firstIndex { $0.cosine < cosine } ?? found.count
                found.insert((other, cosine), at: at)
                if found.count > neighbours { found.removeLast() }
            }
        }
        return found
    }

    /// Eight sums side by side, since a single one would wait for each product.
    private static func dot(_ values: UnsafeBufferPointer<Float>, _ a: Int, _ b: Int, _ count: Int) -> Float {
        var sums = SIMD8<Float>()
        var at = 0
        while at + 8 <= count {
            var (x, y) = (SIMD8<Float>(), SIMD8<Float>())
            for lane in 0..<8 {
                x[lane] = values[a + at + lane]
                y[lane] = values[b + at + lane]
            }
            sums += x * y
            at += 8
        }
        var sum = sums.sum()
        while at < count {
            sum += values[a + at] * values[b + at]
            at += 1
        }
        return sum
    }
}
