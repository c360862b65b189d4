/// One label's images in the order that average precision and ROC AUC need, so that any weights cost one pass and no sort.
///
/// The scores are walked from the top. Each segment ends at a distinct score that a positive has: the negatives above it
/// since the last such score, then the negatives with this very score, then its positives.
struct WeightedRanking: Sendable {
    /// Images, segment by segment, in the order above; the negatives below every positive last.
    private let order: [Int32]
    /// Ends in `order`: above, tied, positive; three a segment.
    private let ends: [Int32]

    init(_ scores: [Double], _ targets: [Bool]) {
        let descending = ScoreOrder.descending(scores)
        var order: [Int32] = []
        var ends: [Int32] = []
        order.reserveCapacity(descending.count)
        var at = 0
        while at < descending.count {
            let score = scores[Int(descending[at])]
            var (end, hits) = (at, 0)
            while end < descending.count, scores[Int(descending[end])] == score {
                if targets[Int(descending[end])] { hits += 1 }
                end += 1
            }
            if hits > 0 { ends.append(Int32(order.count)) }
            for image in descending[at..<end] where !targets[Int(image)] { order.append(image) }
            if hits > 0 {
                ends.append(Int32(order.count))
                for image in descending[at..<end] where targets[Int(image)] { order.append(image) }
                ends.append(Int32(order.count))
            }
            at = end
        }
        (self.order, self.ends) = (order, ends)
    }

    /// Average precision and ROC AUC (`Ranking`'s) of each sample; nil where undefined.
    func figures(_ weights: LaneSums) -> [(averagePrecision: Double?, rocAUC: Double?)] {
        typealias Lanes = SIMD8<Double>
        return order.withUnsafeBufferPointer { order in
            var at = 0
            // Whole numbers, which a Double holds up to 2^53; `lost` is twice the pairs in which a negative is above a
            // positive, a tie being half.
            var (positives, above, lost) = (Lanes.zero, Lanes.zero, Lanes.zero)
            var precisions = Lanes.zero
            for segment in stride(from: 0, to: ends.count, by: 3) {
                let (tiesAt, hitsAt, end) = (Int(ends[segment]), Int(ends[segment + 1]), Int(ends[segment + 2]))
                if tiesAt > at { above += Lanes(weights.sum(order, at, tiesAt)) }
                let tied = hitsAt > tiesAt ? Lanes(weights.sum(order, tiesAt, hitsAt)) : .zero
                let hits = Lanes(weights.sum(order, hitsAt, end))
                at = end
                lost += hits * (2 * above + tied)
                positives += hits
                above += tied
                let seen = positives + above
                // Where nothing was seen there are no hits either.
                precisions += hits * (positives / seen.replacing(with: 1, where: seen .== 0))
            }
            let negatives = above + Lanes(weights.sum(order, at, order.count))
            return positives.indices.map { lane in
                guard positives[lane] > 0 else { return (nil, nil) }
                let pairs = positives[lane] * negatives[lane]
                return (
                    precisions[lane] / positives[lane], negatives[lane] > 0 ? 1 - lost[lane] / 2 / pairs : nil
                )
            }
        }
    }
}
