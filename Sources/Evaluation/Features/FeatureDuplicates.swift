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

    /// Pairs by ratio, ascending. Fewer than 20 pictures have no neighbourhood and give none.
    ///
    /// Cost: N^2 F products, four pictures against another at a time and a block of pictures that stays in the cache. In as many
    /// dimensions as features have, no bound rules out enough pairs to pay (Beyer et al., 1999).
    public static func find(_ features: FeatureRows) -> [Pair] {
        let count = features.names.count
        guard count >= 2 * neighbours else { return [] }
        let unit = features.unit
        let near = Parallel.map((count + strip - 1) / strip, threads: Parallel.threads) { number in
            nearest(to: number * strip..<min(count, (number + 1) * strip), unit)
        }.flatMap(\.self)
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

    /// Rows whose neighbours one thread looks for at a time, and rows they are compared with before the next.
    private static let (strip, block) = (64, 128)

    /// Rows by nearness, the nearest first; of equally near ones the first rows.
    private struct Nearest {
        private(set) var found: [(row: Int, cosine: Float)] = []

        /// Takes in a row, after all that stand before it.
        @inline(__always)
        mutating func offer(_ row: Int, _ cosine: Float) {
            if found.count == neighbours, cosine <= found[neighbours - 1].cosine { return }
            let at = found.firstIndex { $0.cosine < cosine } ?? found.count
            found.insert((row, cosine), at: at)
            if found.count > neighbours { found.removeLast() }
        }
    }

    /// The ten nearest of each of `rows`.
    private static func nearest(to rows: Range<Int>, _ unit: FeatureRows) -> [[(row: Int, cosine: Float)]] {
        let (count, width) = (unit.names.count, unit.width)
        let last = rows.upperBound - 1
        var nearest = [Nearest](repeating: Nearest(), count: rows.count)
        unit.values.withUnsafeBufferPointer { values in
            for first in stride(from: 0, to: count, by: block) {
                for group in stride(from: rows.lowerBound, to: rows.upperBound, by: 4) {
                    for other in first..<min(count, first + block) {
                        // Beyond the last row, it stands in for the rest.
                        let cosines = dots(
                            values, SIMD4(group, min(group + 1, last), min(group + 2, last), min(group + 3, last)),
                            other, width)
                        for lane in 0..<min(4, rows.upperBound - group) where group + lane != other {
                            nearest[group + lane - rows.lowerBound].offer(other, cosines[lane])
                        }
                    }
                }
            }
        }
        return nearest.map(\.found)
    }

    /// Four rows' products with another. Eight sums side by side each, since a single one would wait for each product.
    private static func dots(
        _ values: UnsafeBufferPointer<Float>, _ rows: SIMD4<Int>, _ other: Int, _ width: Int
    ) -> SIMD4<Float> {
        func eight(_ row: Int, _ at: Int) -> SIMD8<Float> {
            UnsafeRawBufferPointer(values).loadUnaligned(
                fromByteOffset: (row * width + at) * MemoryLayout<Float>.size, as: SIMD8<Float>.self)
        }
        var (a, b, c, d) = (SIMD8<Float>.zero, SIMD8<Float>.zero, SIMD8<Float>.zero, SIMD8<Float>.zero)
        var at = 0
        while at + 8 <= width {
            let y = eight(other, at)
            a += eight(rows[0], at) * y
            b += eight(rows[1], at) * y
            c += eight(rows[2], at) * y
            d += eight(rows[3], at) * y
            at += 8
        }
        var sums = SIMD4(a.sum(), b.sum(), c.sum(), d.sum())
        while at < width {
            for lane in 0..<4 { sums[lane] += values[rows[lane] * width + at] * values[other * width + at] }
            at += 1
        }
        return sums
    }
}
