/// The best run of thresholds, found while they rise: of several such runs the widest, and of equals the lowest.
struct PlateauScan<Rank: Comparable> {
    private struct Run {
        var rank: Rank
        var low: Double
        var high: Double
        var counts: Counts
    }

    private var best: Run?
    /// The run of equally good thresholds that ends at the last ones.
    private var run: Run?

    /// Takes in the thresholds `low`..<`high`, which all decide alike; each call's begin where the last call's ended.
    mutating func offer(_ rank: Rank, _ low: Double, _ high: Double, _ counts: Counts) {
        if var same = run, same.rank == rank {
            same.high = high
            run = same
        } else {
            run = Run(rank: rank, low: low, high: high, counts: counts)
        }
        guard let run else { return }
        if let best {
            if rank < best.rank { return }
            if rank == best.rank, best.low != run.low, high - run.low <= best.high - best.low { return }
        }
        best = run
    }

    /// Nil before anything was offered.
    var choice: ThresholdChoice? {
        best.map { best in
            let middle = (best.low + best.high) / 2
            // Between neighbouring numbers there is no middle; the lower one belongs to the run and the upper one does not.
            return ThresholdChoice(
                threshold: middle < best.high ? middle : best.low, low: best.low, high: best.high, counts: best.counts)
        }
    }
}
