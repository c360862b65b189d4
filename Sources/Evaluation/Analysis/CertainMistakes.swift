import Foundation

/// Decisions that were wrong at a probability that leaves no doubt, so that no number says what they cost.
enum CertainMistakes {
    /// A sentence; nil where there are none.
    static func remark(_ columns: LabelColumns) -> String? {
        let least = exp(-CrossEntropy.most)
        let count = Parallel.map(columns.labels.count, threads: Parallel.threads) { label in
            zip(columns.scores[label], columns.targets[label]).count { score, target in
                target ? score < least : score >= largestProbability
            }
        }.reduce(0, +)
        guard count > 0 else { return nil }
        return
            "\(count) decision\(count == 1 ? " was" : "s were") wrong at a probability of 0 or 1: what \(count == 1 ? "it costs" : "they cost") "
            + "is cut off at 100 nats, so that the loss says little"
    }
}
