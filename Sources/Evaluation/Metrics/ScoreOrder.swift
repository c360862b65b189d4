/// Images by score: N log N at most, and where 32-bit floats hold every score, as most files have them, a few passes.
package enum ScoreOrder {
    /// The images' numbers, the highest score first; equal scores by number.
    package static func descending(_ scores: [Double]) -> [Int32] {
        if var keys = narrow(scores, { bits, index in UInt64(~bits) << 32 | UInt64(index) }) {
            RadixSort.sort(&keys, from: 32)
            return keys.map { Int32(truncatingIfNeeded: $0) }
        }
        var pairs = scores.enumerated().map { (score: $1, index: Int32($0)) }
        pairs.sort { $0.score != $1.score ? $0.score > $1.score : $0.index < $1.index }
        return pairs.map(\.index)
    }

    /// The scores, the lowest first.
    package static func ascending(_ scores: [Double]) -> [Double] {
        guard var keys = narrow(scores, { bits, _ in bits }) else { return scores.sorted() }
        RadixSort.sort(&keys)
        return keys.map { Double(Float(bitPattern: $0)) }
    }

    /// What `key` makes of each score's bits as a float, which order as the scores; nil where a float does not hold one, or
    /// one is below 0.
    private static func narrow<Key>(_ scores: [Double], _ key: (UInt32, Int) -> Key) -> [Key]? {
        var keys: [Key] = []
        keys.reserveCapacity(scores.count)
        for (index, score) in scores.enumerated() {
            let float = Float(score)
            guard score >= 0, Double(float) == score else { return nil }
            // A negative zero has the highest bit set; plus zero it has not.
            keys.append(key((float + 0).bitPattern, index))
        }
        return keys
    }
}
