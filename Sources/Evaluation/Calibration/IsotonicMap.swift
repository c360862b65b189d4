/// A rising function from scores to probabilities (Zadrozny & Elkan, 2002): the least squares fit by pooling adjacent
/// violators (Ayer et al., 1955; Barlow et al., 1972). The same function as scikit-learn's
/// `IsotonicRegression(out_of_bounds="clip")`.
public struct IsotonicMap: Codable, Sendable, Equatable {
    /// Ascending scores.
    public var scores: [Double]
    /// The probability at each, not falling.
    public var probabilities: [Double]

    /// Equal scores count together. N log N.
    /// - Returns: nil without scores.
    public static func fit(_ scores: [Double], _ targets: [Bool]) -> IsotonicMap? {
        struct Block {
            var first, last: Double
            var positives, count: Int
            /// Whether the mean is at least `other`'s: exact, in whole numbers.
            func isNotBelow(_ other: Block) -> Bool { positives * other.count >= other.positives * count }
        }
        let order = ScoreOrder.descending(scores).reversed()
        var blocks: [Block] = []
        for index in order.map(Int.init) {
            let (score, hit) = (scores[index], targets[index] ? 1 : 0)
            if let last = blocks.indices.last, blocks[last].first == score, blocks[last].last == score {
                blocks[last].positives += hit
                blocks[last].count += 1
                continue
            }
            pool(&blocks)
            blocks.append(Block(first: score, last: score, positives: hit, count: 1))
        }
        pool(&blocks)
        func pool(_ blocks: inout [Block]) {
            while blocks.count > 1, blocks[blocks.count - 2].isNotBelow(blocks[blocks.count - 1]) {
                let last = blocks.removeLast()
                blocks[blocks.count - 1].last = last.last
                blocks[blocks.count - 1].positives += last.positives
                blocks[blocks.count - 1].count += last.count
            }
        }
        guard !blocks.isEmpty else { return nil }
        var map = IsotonicMap(scores: [], probabilities: [])
        for block in blocks {
            let value = Double(block.positives) / Double(block.count)
            for score in block.first == block.last ? [block.first] : [block.first, block.last] {
                map.scores.append(score)
                map.probabilities.append(value)
            }
        }
        return map
    }

    /// Linear between the scores of the fit, constant beyond them. 0...1.
    public func apply(_ score: Double) -> Double {
        guard let first = scores.first, let last = scores.last, score > first else {
            return probabilities.first ?? score
        }
        guard score < last else { return probabilities.last ?? score }
        var (low, high) = (0, scores.count - 1)
        while high - low > 1 {
            let middle = (low + high) / 2
            if scores[middle] <= score { low = middle } else { high = middle }
        }
        let share = (score - scores[low]) / (scores[high] - scores[low])
        return probabilities[low] + share * (probabilities[high] - probabilities[low])
    }
}
