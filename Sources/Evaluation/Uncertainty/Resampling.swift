/// Bootstrap samples of images (Efron, 1979): drawn with replacement within each stratum, as many as it has.
package struct Resampling: Sendable {
    private let strata: [[Int32]]
    private let count: Int
    private let seed: UInt64

    /// - Parameter strata: a number for each image.
    package init(strata numbers: [Int], seed: UInt64) {
        var strata = [[Int32]](repeating: [], count: (numbers.max() ?? -1) + 1)
        for (row, stratum) in numbers.enumerated() { strata[stratum].append(Int32(row)) }
        self.strata = strata
        count = numbers.count
        self.seed = seed
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
