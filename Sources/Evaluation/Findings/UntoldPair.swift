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

    public init(first: String, second: String, count: Int, isAlwaysTogether: Bool) {
        (self.first, self.second) = (first, second)
        (self.count, self.isAlwaysTogether) = (count, isAlwaysTogether)
    }

    /// What is so, in words.
    public var text: String {
        let images = count == 1 ? "the 1 image that carries it" : "all \(count) images that carry it"
        return isAlwaysTogether
            ? "'\(first)' and '\(second)' are on the same \(count == 1 ? "image" : "\(count) images")"
            : "'\(first)' is never without '\(second)' (\(images))"
    }

    /// Those that always come together first, then by images, descending, ties by name.
    /// - Parameter carries: which images carry each label, `[C][N]`.
    static func find(_ labels: [String], _ carries: [[Bool]]) -> [UntoldPair] {
        let counts = carries.map { $0.count { $0 } }
        let pairs = labels.indices.flatMap { a in
            labels.indices.dropFirst(a + 1).compactMap { b -> UntoldPair? in
                guard counts[a] > 0, counts[b] > 0 else { return nil }
                let both = zip(carries[a], carries[b]).reduce(0) { $0 + ($1.0 && $1.1 ? 1 : 0) }
                guard both == min(counts[a], counts[b]) else { return nil }
                let (inner, outer) = counts[a] <= counts[b] ? (a, b) : (b, a)
                return UntoldPair(
                    first: labels[inner], second: labels[outer], count: counts[inner],
                    isAlwaysTogether: counts[a] == counts[b])
            }
        }
        return pairs.sorted {
            $0.isAlwaysTogether != $1.isAlwaysTogether
                ? $0.isAlwaysTogether
                : ($1.count, $0.first, $0.second) < ($0.count, $1.first, $1.second)
        }
    }
}
