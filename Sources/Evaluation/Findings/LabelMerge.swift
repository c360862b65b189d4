/// What the figures would be if two labels were one, on the same scores.
public struct LabelMerge: Codable, Sendable, Equatable {
    public var first: String
    public var second: String
    public var before: Figures
    public var after: Figures

    /// An image carries the merged label if it carries either. Its score is the sum of both, at most 1, since a model that
    /// cannot tell two names apart shares one probability between them. Every label's threshold is `threshold`.
    /// - Throws: `InputError` if there is no such label, or the scores do not fit the truth.
    public static func simulate(
        _ first: String, _ second: String, _ scores: Scores, _ truth: Truth, threshold: Double
    ) throws -> LabelMerge {
        guard let a = truth.labels.firstIndex(of: first), let b = truth.labels.firstIndex(of: second), a != b else {
            throw InputError(
                "two labels cannot be merged", expected: "two of the labels", got: "'\(first)' and '\(second)'")
        }
        let scores = try scores.aligned(names: truth.names, labels: truth.labels)
        let kept = truth.labels.indices.filter { $0 != b }
        var name = "\(first);\(second)"
        // Labels may hold a `;` where something else parts them.
        while truth.labels.contains(name) { name = "(\(name))" }
        let labels = kept.map { $0 == a ? name : truth.labels[$0] }
        let values = truth.names.indices.flatMap { row -> [Double] in
            let all = Array(scores[row])
            return kept.map { $0 == a ? min(1, all[a] + all[b]) : all[$0] }
        }
        let targets = truth.targets.map { target in
            target.map { carried in
                kept.indices.filter { carried.contains(kept[$0]) || (kept[$0] == a && carried.contains(b)) }
            }
        }
        let merged = try EvaluationRecord.measure(
            title: "", scores: Scores(names: truth.names, labels: labels, values: values),
            truth: Truth(names: truth.names, labels: labels, targets: targets), thresholds: [threshold])
        let whole = try EvaluationRecord.measure(title: "", scores: scores, truth: truth, thresholds: [threshold])
        return LabelMerge(first: first, second: second, before: whole.figures, after: merged.figures)
    }
}
