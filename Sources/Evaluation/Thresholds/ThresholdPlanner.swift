import Foundation

extension ThresholdPlan {
    /// Chooses a threshold for each label.
    ///
    /// - Parameters:
    ///   - current: C thresholds in use.
    ///   - folds: 2...20.
    ///   - resamples: bootstrap samples for each label's interval; fewer where the images are very many.
    public static func measure(
        _ columns: LabelColumns, current: [Double], objective: ThresholdObjective, folds: Int = 5, seed: UInt64 = 42,
        resamples: Int = 200
    ) -> ThresholdPlan {
        precondition(current.count == columns.labels.count, "a threshold for each label")
        precondition((2...20).contains(folds), "2 to 20 folds")
        let affordable = 100_000_000 / max(1, columns.count * columns.labels.count)
        let resamples = min(resamples, max(20, affordable))
        let perLabel = Parallel.map(columns.labels.count, threads: Parallel.threads) { index in
            label(
                columns, index, current: current[index], objective: objective, folds: folds, seed: seed,
                resamples: resamples)
        }
        let decisions = columns.count * columns.labels.count
        func total(_ outcome: (Label) -> Outcome) -> Total {
            let values = perLabel.filter(\.isChosen).map { outcome($0).value }
            let defined = values.compactMap { $0 }
            let right = perLabel.reduce(0) { $0 + outcome($1).tp + outcome($1).tn }
            return Total(
                value: defined.isEmpty || defined.count < values.count
                    ? nil : defined.reduce(0, +) / Double(defined.count),
                accuracyMulti: Counts.ratio(right, decisions))
        }
        return ThresholdPlan(
            objective: objective.text, figure: objective.figure, folds: folds, seed: seed,
            thresholds: Dictionary(
                perLabel.map { ($0.label, $0.threshold) }, uniquingKeysWith: { first, _ in first }),
            before: total(\.before), inSample: total(\.inSample), crossFitted: total(\.crossFitted),
            perLabel: perLabel)
    }

    private static func label(
        _ columns: LabelColumns, _ index: Int, current: Double, objective: ThresholdObjective, folds: Int,
        seed: UInt64, resamples: Int
    ) -> Label {
        let ranked = RankedDecisions(columns.scores[index], columns.targets[index])
        let before = Outcome(ranked.counts(above: current), objective)
        var result = Label(
            label: columns.labels[index], support: ranked.positives, current: current, threshold: current,
            isChosen: false, foldThresholds: [], before: before, inSample: before, crossFitted: before)
        guard let choice = ranked.best(for: objective) else { return result }
        var random = SeededGenerator(seed: seed, SeededGenerator.number(of: columns.labels[index]))
        let fitted = CrossFit.run(
            ranked, objective: objective, folds: folds, fallback: current, random: &random)
        let drawn = CrossFit.bootstrap(
            ranked, objective: objective, resamples: resamples, random: &random)
        result.isChosen = true
        result.threshold = choice.threshold
        (result.plateauLow, result.plateauHigh) = (choice.low, choice.high)
        result.plateauWidth = choice.high - choice.low
        result.intervalLow = Percentile.of(drawn, 0.025)
        result.intervalHigh = Percentile.of(drawn, 0.975)
        result.foldThresholds = fitted.thresholds
        result.inSample = Outcome(choice.counts, objective)
        result.crossFitted = Outcome(fitted.counts, objective)
        func gain(_ after: Outcome) -> Double? {
            guard let new = after.value, let old = before.value else { return nil }
            return objective.isLoss ? old - new : new - old
        }
        result.inSampleGain = gain(result.inSample)
        result.crossFittedGain = gain(result.crossFitted)
        return result
    }
}
