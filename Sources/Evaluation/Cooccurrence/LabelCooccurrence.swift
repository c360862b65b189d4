/// How often labels stand together on one image, in truth and in predictions.
public struct LabelCooccurrence: Sendable, Equatable {
    public static let file = "cooccurrence.csv"

    public let labels: [String]
    /// Images.
    public let count: Int
    /// C x C, symmetric: images that carry both labels; on the diagonal, images that carry the one.
    public let truth: [[Int]]
    /// The same of what is predicted.
    public let predicted: [[Int]]

    /// Two labels, the first before the second.
    public struct Pair: Sendable, Equatable {
        public let first, second: Int
        public let truth, predicted: Int
        /// Images that would carry both if one said nothing of the other: support x support / N.
        public let expected: Double
    }

    /// Over the images whose labels are fully known.
    /// - Parameter thresholds: one a label. Cost: C^2 N / 64.
    public static func measure(_ columns: LabelColumns, thresholds: [Double]) -> LabelCooccurrence {
        precondition(thresholds.count == columns.labels.count, "a threshold for each label")
        let said = Parallel.map(columns.labels.count, threads: Parallel.threads) { label in
            let scores = columns.scores[label]
            return words(scores.count) { scores[$0] > thresholds[label] }
        }
        let given = columns.targets.map { targets in words(targets.count) { targets[$0] } }
        return LabelCooccurrence(
            labels: columns.labels, count: columns.count, truth: together(given), predicted: together(said))
    }

    private static func words(_ count: Int, _ isSet: (Int) -> Bool) -> [UInt64] {
        var words = [UInt64](repeating: 0, count: (count + 63) / 64)
        for row in 0..<count where isSet(row) { words[row >> 6] |= 1 << UInt64(row & 63) }
        return words
    }

    private static func together(_ sets: [[UInt64]]) -> [[Int]] {
        let rows = Parallel.map(sets.count, threads: Parallel.threads) { a in
            (0...a).map { b in zip(sets[a], sets[b]).reduce(0) { $0 + ($1.0 & $1.1).nonzeroBitCount } }
        }
        return sets.indices.map { a in sets.indices.map { b in b <= a ? rows[a][b] : rows[b][a] } }
    }

    /// Every pair that stands together on an image, in truth or predicted: those whose predicted count is furthest from the
    /// true one first, then the most frequent.
    public var pairs: [Pair] {
        var pairs: [Pair] = []
        for a in labels.indices {
            for b in labels.indices.dropFirst(a + 1) where truth[a][b] > 0 || predicted[a][b] > 0 {
                pairs.append(
                    Pair(
                        first: a, second: b, truth: truth[a][b], predicted: predicted[a][b],
                        expected: Double(truth[a][a]) * Double(truth[b][b]) / Double(max(count, 1))))
            }
        }
        return pairs.sorted {
            (-abs($0.truth - $0.predicted), -$0.truth, $0.first, $0.second)
                < (-abs($1.truth - $1.predicted), -$1.truth, $1.first, $1.second)
        }
    }

    /// `first,second,true,predicted,expected`: every pair that occurs, and each label with itself.
    public var csv: String {
        var text = CSV.line(["first", "second", "true", "predicted", "expected"])
        for label in labels.indices {
            let name = labels[label]
            text += CSV.line([name, name, "\(truth[label][label])", "\(predicted[label][label])", ""])
        }
        for pair in pairs {
            text += CSV.line([
                labels[pair.first], labels[pair.second], "\(pair.truth)", "\(pair.predicted)", "\(pair.expected)",
            ])
        }
        return text
    }
}
