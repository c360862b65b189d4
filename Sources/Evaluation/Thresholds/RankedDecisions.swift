/// One label's images in the order of their scores, so that a threshold is chosen in one pass over them, whatever each image
/// counts: one sort for all folds and bootstrap samples. Memory: 4 bytes an image and 12 a distinct score.
package struct RankedDecisions: Sendable {
    /// Distinct scores, ascending.
    private let scores: [Double]
    /// Where each score's images end.
    private let ends: [Int32]
    /// The images by score, as seats: positives are numbered first and then negatives, each in the order of the images.
    private let seats: [Int32]
    let positives: Int

    var count: Int { seats.count }
    /// The seats of the positives, and those of the negatives.
    var sides: [Range<Int>] { [0..<positives, positives..<count] }

    /// - Parameters: `scores` are in 0...1; `targets` is as long.
    package init(_ scores: [Double], _ targets: [Bool]) {
        positives = targets.count { $0 }
        var next: (positive: Int32, negative: Int32) = (0, Int32(positives))
        let seatOfImage = targets.map { target -> Int32 in
            defer { if target { next.positive += 1 } else { next.negative += 1 } }
            return target ? next.positive : next.negative
        }
        var (distinct, ends, seats): ([Double], [Int32], [Int32]) = ([], [], [])
        seats.reserveCapacity(scores.count)
        for image in ScoreOrder.descending(scores).reversed() {
            let score = scores[Int(image)]
            if distinct.last != score {
                if !seats.isEmpty { ends.append(Int32(seats.count)) }
                distinct.append(score)
            }
            seats.append(seatOfImage[Int(image)])
        }
        ends.append(Int32(seats.count))
        (self.scores, self.ends, self.seats) = (distinct, ends, seats)
    }

    /// The decisions of one threshold.
    func counts(above threshold: Double) -> Counts { counts { _ in threshold } }

    /// The decisions where each seat has a threshold of its own.
    func counts(above threshold: (Int) -> Double) -> Counts {
        var counts = Counts()
        var place = 0
        for (score, end) in zip(scores, ends) {
            while place < end {
                let seat = Int(seats[place])
                counts.add(target: seat < positives, predicted: score > threshold(seat))
                place += 1
            }
        }
        return counts
    }

    /// The best threshold, each image counting once.
    func best(for objective: ThresholdObjective) -> ThresholdChoice? {
        best(for: objective, weights: [UInt8](repeating: 1, count: count))
    }

    /// The best threshold where the image of each seat counts so often.
    /// - Returns: nil unless there are both positives and negatives: without either, every choice is arbitrary.
    package func best(for objective: ThresholdObjective, weights: [UInt8]) -> ThresholdChoice? {
        // One number to compare is faster than three.
        if case .fBeta(let beta) = objective {
            return best(weights) { ThresholdObjective.fBeta(beta, $0) ?? -1 }
        }
        return best(weights, objective.rank)
    }

    private func best<Rank: Comparable>(_ weights: [UInt8], _ rank: (Counts) -> Rank) -> ThresholdChoice? {
        let (positive, negative) = (
            weights[..<positives].reduce(0) { $0 + Int($1) }, weights[positives...].reduce(0) { $0 + Int($1) }
        )
        guard positive > 0, negative > 0 else { return nil }
        var scan = PlateauScan<Rank>()
        // Below the lowest score everything is predicted; a score that counts nothing changes no decision.
        var counts = Counts(tp: positive, fp: negative, fn: 0, tn: 0)
        var (low, place) = (0.0, 0)
        weights.withUnsafeBufferPointer { weights in
            seats.withUnsafeBufferPointer { seats in
                for (score, end) in zip(scores, ends) {
                    if place > 0 || score > 0 { scan.offer(rank(counts), low, score, counts) }
                    while place < end {
                        let seat = Int(seats[place])
                        let weight = Int(weights[seat])
                        // No jump, which would be guessed wrong as often as positives and negatives take turns.
                        let hits = seat < positives ? weight : 0
                        counts.tp -= hits
                        counts.fn += hits
                        counts.fp -= weight - hits
                        counts.tn += weight - hits
                        place += 1
                    }
                    low = score
                }
            }
        }
        scan.offer(rank(counts), low, 1, counts)
        return scan.choice
    }
}
