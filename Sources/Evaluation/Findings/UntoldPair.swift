/// Two labels that no image tells apart in both directions: what a model makes of them says nothing, and the labels
/// themselves are to be looked at. Two that always come together may be one thing named twice; one that never comes
/// without the other may be a kind of it, or carried too rarely to say.
public struct UntoldPair: Codable, Sendable, Equatable {
    /// Never without `second`.
    public var first: String
    public var second: String
    /// Images that carry `first`, at least 1.
    public var count: Int
    /// Whether `second` is never without `first` either.
    public var isAlwaysTogether: Bool
    /// How likely it were that all these images carry `second`, were the labels independent: of `count` images drawn from all.
    public var chance: Double
    /// Less likely than 5 in 100 for any of the pairs of labels (Bonferroni).
    public var isBeyondChance: Bool

    public init(
        first: String, second: String, count: Int, isAlwaysTogether: Bool, chance: Double, isBeyondChance: Bool
    ) {
        (self.first, self.second) = (first, second)
        (self.count, self.isAlwaysTogether) = (count, isAlwaysTogether)
        (self.chance, self.isBeyondChance) = (chance, isBeyondChance)
    }

    /// What is so, in words.
    public var text: String {
        let images = count == 1 ? "the 1 image that carries it" : "all \(count) images that carry it"
        return isAlwaysTogether
            ? "'\(first)' and '\(second)' are on the same \(count == 1 ? "image" : "\(count) images")"
            : "'\(first)' is never without '\(second)' (\(images))"
    }

    /// The least likely first, ties by name; pairs with a label that no image carries are left out.
    /// - Parameters:
    ///   - pairs: places in `labels` of labels of which one is never without the other.
    ///   - counts: images that carry each label, of `images` in all.
    static func among(_ pairs: [(Int, Int)], _ labels: [String], counts: [Int], images: Int) -> [UntoldPair] {
        let carried = counts.count { $0 > 0 }
        let limit = 0.05 / Double(max(1, carried * (carried - 1) / 2))
        return pairs.filter { counts[$0] > 0 && counts[$1] > 0 }.map { a, b in
            let (inner, outer) = counts[a] <= counts[b] ? (a, b) : (b, a)
            let chance = (0..<counts[inner]).reduce(1.0) { $0 * Double(counts[outer] - $1) / Double(images - $1) }
            return UntoldPair(
                first: labels[inner], second: labels[outer], count: counts[inner],
                isAlwaysTogether: counts[a] == counts[b], chance: chance, isBeyondChance: chance <= limit)
        }.sorted { ($0.chance, $0.first, $0.second) < ($1.chance, $1.first, $1.second) }
    }
}
