/// Bootstrap samples of images (Efron, 1979): drawn with replacement within each stratum, as many as it has.
///
/// Draws within a stratum of n images vary by (n - 1) / n of what they should, those within a single one not at all
/// (Efron & Tibshirani, 1993, 5.3), and a mean over labels then hides what its rarest label may do. So small strata are
/// drawn as one, the smallest first.
package struct Resampling: Sendable {
    private let strata: [[Int32]]
    private let count: Int
    private let seed: UInt64
    /// Images that a stratum must have at least, if there are so many.
    static let fewest = 20

    /// - Parameter strata: a number for each image; of equally small strata, that of the lower number is pooled first.
    package init(strata numbers: [Int], seed: UInt64) {
        var strata = [[Int32]](repeating: [], count: (numbers.max() ?? -1) + 1)
        for (row, stratum) in numbers.enumerated() { strata[stratum].append(Int32(row)) }
        self.strata = Self.pooled(strata)
        count = numbers.count
        self.seed = seed
    }

    /// Strata of at least `fewest` images, but for one that holds all there are.
    private static func pooled(_ strata: [[Int32]]) -> [[Int32]] {
        let ascending = strata.indices.filter { !strata[$0].isEmpty }
            .sorted { (strata[$0].count, $0) < (strata[$1].count, $1) }
        var pooled: [[Int32]] = []
        var small: [Int32] = []
        for stratum in ascending {
            small += strata[stratum]
            guard small.count >= fewest else { continue }
            pooled.append(small)
            small = []
        }
        // Strata ascend, so what is left over is all there are.
        return small.isEmpty ? pooled : pooled + [small]
    }

    /// How often each image was drawn into sample `index`; the same for the same seed, whatever was drawn before.
    package func weights(_ index: Int) -> [UInt16] {
        var random = SeededGenerator(seed: seed, UInt64(index))
        var weights = [UInt16](repeating: 0, count: count)
        for members in strata {
            for _ in members.indices { weights[Int(members[random.integer(below: members.count)])] &+= 1 }
        }
        return weights
    }
}
