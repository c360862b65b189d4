/// One column's part in how the cross-entropy changes with 1 / temperature.
enum TemperatureSlope {
    /// Decisions that a thread takes at a time.
    private static let piece = 1 << 14

    /// Adds the first and the second derivative of every decision, in order: threads work out the terms, and one adds them.
    static func add(
        _ logits: [Double], _ targets: [Bool], _ inverse: Double, threads: Int, to first: inout Double,
        _ second: inout Double
    ) {
        func term(_ at: Int) -> (first: Double, second: Double) {
            let z = logits[at]
            let p = logistic(inverse * z)
            return ((p - (targets[at] ? 1 : 0)) * z, p * (1 - p) * z * z)
        }
        guard threads > 1, logits.count > piece else {
            for at in logits.indices {
                let term = term(at)
                first += term.first
                second += term.second
            }
            return
        }
        for start in stride(from: 0, to: logits.count, by: piece * threads) {
            let pieces = (min(piece * threads, logits.count - start) + piece - 1) / piece
            let terms = Parallel.map(pieces, threads: threads) { number in
                let begin = start + number * piece
                return (begin..<min(begin + piece, logits.count)).map(term)
            }
            for part in terms {
                for term in part {
                    first += term.first
                    second += term.second
                }
            }
        }
    }
}
