/// How many images at once go through each part of a network.
///
/// What a step hands to the next should still be in the caches, which asks for few images where maps are large; its
/// weights are read once a slice, which asks for many images where they are heavy. So the first layers run on slices of
/// the slices on which later ones run (ResNet-50 at 224 px, 16 images, Zen 4: 223 to 214 ms; with four images
/// first instead of two, Emerald Rapids: 354 to 329 ms).
struct InferenceSlices {
    struct Segment: Equatable {
        var steps: Range<Int>
        /// Images at once, no more than in the segments behind.
        var images: Int
    }

    /// In the order of their steps.
    let segments: [Segment]

    /// Floats that stay near between two steps: half of a common last-level cache, which others use too.
    static let near = 4 << 20

    /// - Parameters:
    ///   - steps: of the network.
    ///   - lastUse: the number of the step, counted from 1, that is the last to read each value.
    ///   - maps: floats of all that a step reads and writes, an image; a place once.
    ///   - weights: floats of a step's weights.
    ///   - most: images at once at most.
    init(_ steps: [Step], lastUse: [Int], maps: [Int], weights: [Int], most: Int) {
        let sizes = sequence(first: most) { $0 > 1 ? ($0 + 1) / 2 : nil }
        var segments: [Segment] = []
        var first = 0
        for end in Self.cuts(steps, lastUse) {
            /// Floats an image that come from memory: shares of the weights, and maps that do not stay near.
            func cost(_ images: Int) -> Double {
                (first..<end).reduce(0) { sum, step in
                    let far = images * maps[step] > Self.near ? maps[step] : 0
                    return sum + Double(weights[step]) / Double(images) + Double(far)
                }
            }
            // Of equals the largest.
            let best = sizes.map { (images: $0, cost: cost($0)) }.min { $0.cost < $1.cost }?.images ?? most
            if let last = segments.last, last.images >= best {
                segments[segments.count - 1].steps = last.steps.lowerBound..<end
            } else {
                segments.append(Segment(steps: first..<end, images: best))
            }
            first = end
        }
        self.segments = segments
    }

    /// Where a network can be cut: after these many steps nothing is read any more but the last one's output.
    private static func cuts(_ steps: [Step], _ lastUse: [Int]) -> [Int] {
        var latest = lastUse[0]
        var cuts: [Int] = []
        for (index, step) in steps.enumerated() {
            if latest <= index + 1 { cuts.append(index + 1) }
            latest = max(latest, lastUse[step.output])
        }
        return cuts
    }

    /// Images at once in a step.
    func images(_ step: Int) -> Int { segments.first { $0.steps.contains(step) }?.images ?? 1 }

    /// Steps whose output the next segment reads, a slice of it at a time being written, and how many images it holds.
    var boundaries: [Int: Int] {
        Dictionary(
            zip(segments, segments.dropFirst()).map { ($0.steps.upperBound - 1, $1.images) },
            uniquingKeysWith: { first, _ in first })
    }
}
