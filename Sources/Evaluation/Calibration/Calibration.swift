/// How far probabilities can be believed, and what scaling them would gain on images that the scaling has not seen.
public struct Calibration: Codable, Sendable, Equatable {
    public static let file = "calibration.json"
    public static let curveFile = "reliability.csv"

    /// Figures of probabilities alone, over images and labels; nil without images.
    public struct Outcome: Codable, Sendable, Equatable {
        /// Expected calibration error over all N x C probabilities, and the mean of the labels' own.
        @Nullable public var error: Double?
        @Nullable public var meanLabelError: Double?
        /// Mean binary cross-entropy, in nats.
        @Nullable public var loss: Double?
        @Nullable public var brier: Double?
    }

    /// One way of scaling: fitted on one half of the images, judged on the other.
    public struct Trial: Codable, Sendable, Equatable {
        public var method: ScoreScaling.Method
        public var after: Outcome
        /// The calibration error of each label on the other half.
        public var perLabel: [Double?]
        /// Labels that it left as they are, for want of a fit on the first half.
        public var unfitted: [String]
    }

    public struct Label: Codable, Sendable, Equatable {
        public var label: String
        public var support: Int
        public var equalWidth: ReliabilityCurve
        public var equalMass: ReliabilityCurve
        /// Its calibration error on the half that the scalings are judged on, as it is.
        @Nullable public var heldOutError: Double?
    }

    public var version = 1
    public var bins: Int
    public var seed: UInt64
    /// Images that the scalings on trial were fitted on, and those they are judged on.
    public var fittedCount: Int
    public var heldOutCount: Int
    public var labels: [Label]
    /// All labels' decisions in one curve.
    public var overall: ReliabilityCurve
    /// Of the half that the scalings are judged on, as it is.
    public var before: Outcome
    public var trials: [Trial]
    /// Fitted on all images, to be applied to others.
    public var scaling: ScoreScaling
    /// What could not be estimated or judged, or only on very little, in sentences.
    public var remarks: [String]

    /// - Parameters:
    ///   - bins: of every curve and error.
    ///   - seed: of the halves; each label's share is nearly the same in both.
    public static func measure(
        _ columns: LabelColumns, bins: Int = CalibrationSums.bins, seed: UInt64 = 42
    ) -> Calibration {
        let isFitted = half(columns, seed: seed)
        let (fitted, heldOut) = (columns.filtered(isFitted), columns.filtered(isFitted.map { !$0 }))
        let trial = ScoreScaling.fit(fitted)
        let scaling = ScoreScaling.fit(columns)
        let before = judge(heldOut, bins)
        return Calibration(
            bins: bins, seed: seed, fittedCount: fitted.count, heldOutCount: heldOut.count,
            labels: Parallel.map(columns.labels.count, threads: Parallel.threads) { label in
                let (scores, targets) = (columns.scores[label], columns.targets[label])
                return Label(
                    label: columns.labels[label], support: targets.count { $0 },
                    equalWidth: .measure(scores, targets, binning: .equalWidth, bins: bins),
                    equalMass: .measure(scores, targets, binning: .equalMass, bins: bins),
                    heldOutError: before.perLabel[label])
            },
            overall: .measure(columns: columns.scores, columns.targets, binning: .equalWidth, bins: bins),
            before: before.outcome,
            trials: ScoreScaling.Method.allCases.map { method in
                let after = judge(heldOut, bins) { trial.apply($0, label: $1, method: method) }
                return Trial(
                    method: method, after: after.outcome, perLabel: after.perLabel, unfitted: trial.unfitted(by: method)
                )
            }, scaling: scaling, remarks: remarks(columns, scaling, fitted, heldOut))
    }

    /// Which images are fitted on: within each stratum every other one in a random order, beginning where the last ended.
    static func half(_ columns: LabelColumns, seed: UInt64) -> [Bool] {
        let strata = columns.strata()
        var members = [[Int]](repeating: [], count: columns.labels.count + 1)
        for (row, stratum) in strata.enumerated() { members[stratum].append(row) }
        var random = SeededGenerator(seed: seed, 11)
        var isFitted = [Bool](repeating: false, count: columns.count)
        var dealt = 0
        for rows in members {
            for index in random.permutation(rows.count) {
                isFitted[rows[index]] = dealt % 2 == 0
                dealt += 1
            }
        }
        return isFitted
    }

    /// - Parameter change: the probability in place of a score, and its label.
    private static func judge(
        _ columns: LabelColumns, _ bins: Int, change: (Double, Int) -> Double = { score, _ in score }
    ) -> (outcome: Outcome, perLabel: [Double?]) {
        let decisions = columns.count * columns.labels.count
        guard decisions > 0 else { return (Outcome(), columns.labels.map { _ in nil }) }
        var whole = CalibrationSums(bins: bins)
        var loss = 0.0
        var errors: [Double?] = []
        let (labels, threads) = (columns.labels.count, Parallel.threads)
        for first in stride(from: 0, to: labels, by: threads) {
            let parts = Parallel.map(min(threads, labels - first), threads: threads) { offset in
                let label = first + offset
                var sums = CalibrationSums(bins: bins)
                let terms = zip(columns.scores[label], columns.targets[label]).map { score, target in
                    let score = change(score, label)
                    sums.add(score, hits: target ? 1 : 0, size: 1)
                    return CrossEntropy.term(score, target)
                }
                return (sums, terms)
            }
            // One after the other, so that the sum does not depend on the number of threads.
            for (sums, terms) in parts {
                for term in terms { loss += term }
                whole.add(sums)
                errors.append(sums.expected)
            }
        }
        let defined = errors.compactMap { $0 }
        return (
            Outcome(
                error: whole.expected, meanLabelError: defined.reduce(0, +) / Double(defined.count),
                loss: loss / Double(decisions), brier: whole.brier), errors
        )
    }

    /// `label,binning,low,high,count,positives,mean_score,frequency,interval_low,interval_high`.
    public var reliabilityCSV: String {
        var text = CSV.line([
            "label", "binning", "low", "high", "count", "positives", "mean_score", "frequency", "interval_low",
            "interval_high",
        ])
        for label in labels {
            for curve in [label.equalWidth, label.equalMass] {
                for bin in curve.bins {
                    text += CSV.line(
                        [label.label, curve.binning.rawValue, "\(bin.low)", "\(bin.high)", "\(bin.count)"]
                            + ["\(bin.positives)", "\(bin.meanScore)", "\(bin.frequency)"]
                            + ["\(bin.intervalLow)", "\(bin.intervalHigh)"])
                }
            }
        }
        return text
    }
}
