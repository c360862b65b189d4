/// Images whose labels are probably wrong, the least believable first: confident learning (Northcutt, Jiang & Chuang, 2021)
/// with each label a problem of two classes, as cleanlab has it for several labels.
///
/// Scores of images that the model was trained on rank wrong labels too late, since a network learns some of them by heart;
/// scores of a model that has not seen the image (cross-validation) are the honest ones.
public struct WrongLabel: Codable, Sendable, Equatable {
    public var name: String
    public var given: [String]
    /// The labels whose score is above a half.
    public var suggested: [String]
    /// The label whose given state is least believable.
    public var label: String
    /// The probability of that state: the score if the image carries the label, else 1 - score. 0...1.
    public var selfConfidence: Double
    /// Whether the joint counts it: some label's other state is at least as probable as it is, on average, where it is given,
    /// and more so than the given state.
    public var isConfident: Bool

    /// Whether there is something to look at: the scores suggest other labels, or the joint counts it.
    public var isDisputed: Bool { isConfident || given != suggested }

    /// The first `limit` images by self-confidence, ascending; ties in input order.
    /// - Parameter isWanted: which images count.
    public static func rank(
        _ scores: Scores, _ truth: Truth, limit: Int = .max, where isWanted: (WrongLabel) -> Bool = { _ in true }
    ) throws -> [WrongLabel] {
        let scores = try scores.aligned(names: truth.names, labels: truth.labels)
        let known = truth.targets.indices.filter { truth.targets[$0] != nil }
        let bars = Thresholds(scores, truth, known)
        let found = known.map { row -> (index: Int, confidence: Double, label: Int) in
            let target = Set(truth.targets[row] ?? [])
            let costliest = scores[row].enumerated()
                .map { (confidence: target.contains($0) ? $1 : 1 - $1, label: $0) }
                .min { $0.confidence < $1.confidence }
            return (row, costliest?.confidence ?? 1, costliest?.label ?? 0)
        }
        let ranked = found.sorted { ($0.confidence, $0.index) < ($1.confidence, $1.index) }
        let candidates = ranked.lazy.map { found in
            let row = Array(scores[found.index])
            let target = truth.targets[found.index] ?? []
            return WrongLabel(
                name: truth.names[found.index], given: target.map { truth.labels[$0] },
                suggested: row.indices.filter { row[$0] > 0.5 }.map { truth.labels[$0] },
                label: truth.labels[found.label], selfConfidence: found.confidence,
                isConfident: row.indices.contains {
                    bars.contradicts(label: $0, score: row[$0], isGiven: target.contains($0))
                })
        }
        return Array(candidates.filter(isWanted).prefix(limit))
    }

    /// For each label the mean probability of either state over the images given that state.
    private struct Thresholds {
        var positive: [Double]
        var negative: [Double]

        init(_ scores: Scores, _ truth: Truth, _ rows: [Int]) {
            let width = truth.labels.count
            var sums = (positive: [Double](repeating: 0, count: width), negative: [Double](repeating: 0, count: width))
            var counts = [Int](repeating: 0, count: width)
            for row in rows {
                let target = Set(truth.targets[row] ?? [])
                for (label, score) in scores[row].enumerated() {
                    if target.contains(label) {
                        sums.positive[label] += score
                        counts[label] += 1
                    } else {
                        sums.negative[label] += 1 - score
                    }
                }
            }
            // A state that nobody was given has no mean, so nothing is confidently in it.
            positive = zip(sums.positive, counts).map { $1 > 0 ? $0 / Double($1) : .infinity }
            negative = zip(sums.negative, counts).map { $1 < rows.count ? $0 / Double(rows.count - $1) : .infinity }
        }

        func contradicts(label: Int, score: Double, isGiven: Bool) -> Bool {
            // cleanlab's allowance for rounding.
            let (isPositive, isNegative) = (
                score >= positive[label] - 1e-6, 1 - score >= negative[label] - 1e-6
            )
            guard isPositive || isNegative else { return false }
            // Where both states pass, the more probable one is taken; of equals the absent one.
            let guess = isPositive && isNegative ? score > 1 - score : isPositive
            return guess != isGiven
        }
    }
}
