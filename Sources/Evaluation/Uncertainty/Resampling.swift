/// Bootstrap samples of images (Efron, 1979), each as large as the set itself.
///
/// Images are drawn independently, as they came to be in the set, so that labels' shares vary as they would in another one.
/// Samples that keep the shares are for sets that were put together with so many images of each label: of any other, a figure
/// that differs from label to label, such as the exact match, would have half the interval it needs.
package struct Resampling: Sendable {
    private let count: Int
    private let seed: UInt64
    /// Groups of images that samples are drawn within.
    private let strata: [[Int32]]

    /// - Parameter strata: a number for each image; samples have as many images of each as there are. Nil: one stratum.
    package init(count: Int, strata: [Int]? = nil, seed: UInt64) {
        (self.count, self.seed) = (count, seed)
        self.strata = strata.map(Self.pooled) ?? [(0..<count).map(Int32.init)]
    }

    package init(_ columns: LabelColumns, isStratified: Bool = false, seed: UInt64) {
        self.init(count: columns.count, strata: isStratified ? columns.strata() : nil, seed: seed)
    }

    /// Images that a stratum must have at least, if there are so many: draws within n images vary by (n - 1) / n of what they
    /// should, those within a single one not at all (Efron & Tibshirani, 1993, 5.3).
    private static let fewest = 20

    /// Small strata are drawn as one, the smallest first; of equals, that of the lower number.
    private static func pooled(_ numbers: [Int]) -> [[Int32]] {
        var strata = [[Int32]](repeating: [], count: (numbers.max() ?? -1) + 1)
        for (row, stratum) in numbers.enumerated() { strata[stratum].append(Int32(row)) }
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
