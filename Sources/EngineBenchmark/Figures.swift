/// One row of figures: ours, the peers', and whether we reach what was asked.
struct Figures: Sendable {
    /// Relative difference, in norm, up to which outputs count as the same.
    static let tolerance = 1e-4

    let title: String
    let unit: String
    let row: BenchmarkCase
    /// Milliseconds an image or MiB; less is better.
    let values: [Contender: Double]
    /// How far each peer's outputs are from ours.
    let differences: [Contender: Double]
    /// What each contender says it is.
    let versions: [Contender: String]

    /// The rival with the best figure: PyTorch's better layout.
    var rival: Contender? {
        row.rivals.filter { values[$0] != nil }.min { values[$0] ?? .infinity < values[$1] ?? .infinity }
    }

    /// Time: how many times faster we are. Memory: our share of theirs.
    var ratio: Double? {
        guard let ours = values[.assay], let rival, let theirs = values[rival] else { return nil }
        return row.measure == .time ? theirs / ours : ours / theirs
    }

    var difference: Double? { differences.values.max() }
    var same: Bool { (difference ?? 0) <= Self.tolerance }

    /// Whether the goal is reached; nil without a goal or a rival. A wrong answer reaches nothing.
    var reached: Bool? {
        guard let ratio, let goal = row.goal else { return nil }
        return same && (row.measure == .time ? ratio >= goal : ratio <= goal)
    }
}

extension Collection where Element == Double {
    /// The middle one, or the mean of the middle two; not a number if there are none.
    var median: Double {
        let sorted = sorted()
        guard !sorted.isEmpty else { return .nan }
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
}

extension Collection where Element == Float {
    /// ‖self - other‖ / ‖other‖; infinite if they are not of one length or not numbers.
    func relativeDifference(from other: some Collection<Float>) -> Double {
        guard count == other.count, !isEmpty else { return .infinity }
        let (difference, norm) = zip(self, other).reduce(into: (0.0, 0.0)) { sums, pair in
            let (a, b) = (Double(pair.0), Double(pair.1))
            sums.0 += (a - b) * (a - b)
            sums.1 += b * b
        }
        let relative = (difference / norm).squareRoot()
        return relative.isNaN ? .infinity : relative
    }
}
