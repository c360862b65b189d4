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
        let descending = descendingOrder(scores)
        var order: [Int32] = []
        var ends: [Int32] = []
        order.reserveCapacity(descending.count)
        var at = 0
        while at < descending.count {
            let score = scores[Int(descending[at])]
            var end = at
            while end < descending.count, scores[Int(descending[end])] == score { end += 1 }
            let group = descending[at..<end]
            let positives = group.filter { targets[Int($0)] }
            let negatives = group.filter { !targets[Int($0)] }
            if positives.isEmpty {
                order += negatives
            } else {
                ends.append(Int32(order.count))
                order += negatives
                ends.append(Int32(order.count))
                order += positives
                ends.append(Int32(order.count))
            }
            at = end
        }
        (self.order, self.ends) = (order, ends)
    }

    /// Average precision and ROC AUC (`Ranking`'s) where each image counts `weights` times; nil where undefined.
    func figures(_ weights: UnsafePointer<UInt16>) -> (averagePrecision: Double?, rocAUC: Double?) {
        order.withUnsafeBufferPointer { order in
            func sum(_ first: Int, _ end: Int) -> Int {
                var total: UInt32 = 0
                for at in first..<end { total &+= UInt32(weights[Int(order[at])]) }
                return Int(total)
            }
            var (at, positives, above) = (0, 0, 0)
            var precisions = 0.0
            // Twice the pairs in which a negative is above a positive, a tie being half.
            var lost = 0
            for segment in stride(from: 0, to: ends.count, by: 3) {
                above += sum(at, Int(ends[segment]))
                let tied = sum(Int(ends[segment]), Int(ends[segment + 1]))
                let hits = sum(Int(ends[segment + 1]), Int(ends[segment + 2]))
                at = Int(ends[segment + 2])
                guard hits > 0 else {
                    above += tied
                    continue
                }
                lost += hits * (2 * above + tied)
                positives += hits
                above += tied
                precisions += Double(hits) * (Double(positives) / Double(positives + above))
            }
            let negatives = above + sum(at, order.count)
            guard positives > 0 else { return (nil, nil) }
            let pairs = Double(positives) * Double(negatives)
            return (
                precisions / Double(positives), negatives > 0 ? 1 - Double(lost) / 2 / pairs : nil
            )
        }
    }
}
