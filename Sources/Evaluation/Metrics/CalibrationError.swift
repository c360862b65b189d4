/// How far probabilities are from frequencies.
public enum CalibrationError {
    /// Mean squared difference of probability and truth (Brier, 1950). 0...1; nil without images.
    public static func brier(_ scores: [Double], _ targets: [Bool]) -> Double? {
        sums(scores, targets, bins: CalibrationSums.bins).brier
    }

    /// Expected calibration error of the label's probability (Naeini et al., 2015): over `bins` equal widths, the
    /// share of images in the bin times |mean probability - share of positives|. 0...1; nil without images.
    ///
    /// A bin holds its lower edge and not its upper one, but for the last, which holds 1.
    public static func expected(_ scores: [Double], _ targets: [Bool], bins: Int = CalibrationSums.bins) -> Double? {
        bins > 0 ? sums(scores, targets, bins: bins).expected : nil
    }

    private static func sums(_ scores: [Double], _ targets: [Bool], bins: Int) -> CalibrationSums {
        var sums = CalibrationSums(bins: bins)
        for (score, target) in zip(scores, targets) { sums.add(score, hits: target ? 1 : 0, size: 1) }
        return sums
    }
}

/// The sums that Brier score and calibration error are made of; those of several labels add up to those of all.
public struct CalibrationSums: Sendable {
    /// How many bins the figures of a record have.
    public static let bins = 15

    private var count = 0
    private var squares = 0.0
    private var probabilities: [Double]
    private var hits: [Int]

    init(bins: Int = Self.bins) {
        probabilities = Array(repeating: 0, count: bins)
        hits = Array(repeating: 0, count: bins)
    }

    static func bin(_ probability: Double, of bins: Int) -> Int { min(bins - 1, Int(probability * Double(bins))) }

    /// Takes in `size` decisions of one probability, `hits` of them positive.
    mutating func add(_ probability: Double, hits: Int, size: Int) {
        count += size
        let misses = Double(size - hits)
        squares += Double(hits) * (probability - 1) * (probability - 1) + misses * probability * probability
        let bin = Self.bin(probability, of: self.hits.count)
        probabilities[bin] += probability * Double(size)
        self.hits[bin] += hits
    }

    mutating func add(_ other: CalibrationSums) {
        count += other.count
        squares += other.squares
        for bin in hits.indices {
            probabilities[bin] += other.probabilities[bin]
            hits[bin] += other.hits[bin]
        }
    }

    var brier: Double? { count == 0 ? nil : squares / Double(count) }

    var expected: Double? {
        guard count > 0 else { return nil }
        return zip(probabilities, hits).reduce(0) { $0 + abs($1.0 - Double($1.1)) } / Double(count)
    }
}
