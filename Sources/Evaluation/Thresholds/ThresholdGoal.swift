/// Which labels reach a wanted precision or recall: with the thresholds in use, with the chosen ones on the images they were
/// chosen on, and on images they were not.
public struct ThresholdGoal: Sendable, Equatable {
    /// Labels that have positives and negatives.
    public var labels: [String]
    public var before: [String]
    public var inSample: [String]
    public var crossFitted: [String]

    /// Labels that no threshold brings there, on these images.
    public var unreachable: [String] { labels.filter { !inSample.contains($0) } }
    /// Labels that the chosen thresholds bring there on these images, but not on unseen ones.
    public var memorised: [String] { inSample.filter { !crossFitted.contains($0) } }
}

extension ThresholdPlan {
    /// Nil where no precision or recall is wanted.
    public var goal: ThresholdGoal? {
        let chosen = perLabel.filter { $0.isChosen && $0.before.isMet != nil }
        guard !chosen.isEmpty else { return nil }
        func met(_ outcome: KeyPath<Label, Outcome>) -> [String] {
            chosen.filter { $0[keyPath: outcome].isMet == true }.map(\.label)
        }
        return ThresholdGoal(
            labels: chosen.map(\.label), before: met(\.before), inSample: met(\.inSample),
            crossFitted: met(\.crossFitted))
    }

    /// What the plan comes to, in sentences: whether a wanted precision or recall is reached, by which labels not, and
    /// whether anything is gained.
    public var verdict: [String] {
        guard let goal else {
            guard perLabel.contains(where: \.isChosen) else {
                return ["no label has both positives and negatives: nothing can be chosen"]
            }
            return isGained ? [] : ["nothing is gained on unseen images: the thresholds in use are as good"]
        }
        func names(_ labels: [String]) -> String { NameSample(labels).text(showing: 20) }
        let all = goal.labels.count
        var lines = [
            "\(objective) is reached for \(goal.before.count) of \(all) labels by the thresholds in use, for "
                + "\(goal.inSample.count) by the chosen ones on the images they were chosen on, and for "
                + "\(goal.crossFitted.count) on unseen images"
        ]
        if !goal.unreachable.isEmpty {
            lines.append("no threshold reaches it on these images, the nearest is taken: \(names(goal.unreachable))")
        }
        if !goal.memorised.isEmpty {
            lines.append("reached on these images but not on unseen ones: \(names(goal.memorised))")
        }
        let (before, after) = (goal.before.count, goal.crossFitted.count)
        if after < before {
            lines.append("on unseen images fewer labels reach it than by the thresholds in use: keep those")
        } else if after == before, !isGained {
            lines.append(
                after == all
                    ? "nothing is gained on unseen images: the thresholds in use reach the goal and are as good"
                    : "on unseen images no more labels reach it than by the thresholds in use")
        }
        return lines
    }

    /// Whether `value` is better on images that no threshold has seen, among labels that keep the goal where there is one.
    private var isGained: Bool { (crossFittedGain ?? 0) > 0 }
}
