/// The figure a rule speaks of, and the trials behind it where it is a proportion.
struct RuleFigure {
    var value: Double
    var trials: (hits: Int, count: Int)?

    struct Undefined: Error {
        let reason: String
    }

    /// - Parameter earlier: of the baseline, for what is counted against it.
    /// - Returns: why there is no such figure: an unknown label or slice, a label without positives, an undefined value.
    static func of(
        _ rule: Rule, _ golden: GoldenFigures, since earlier: GoldenFigures? = nil
    ) -> Result<RuleFigure, Undefined> {
        func undefined(_ reason: String) -> Result<RuleFigure, Undefined> { .failure(Undefined(reason: reason)) }
        switch rule.metric {
        case .contradictions:
            return golden.golden.exclusive.isEmpty
                ? undefined("no exclusive labels are given, so nothing can contradict")
                : .success(RuleFigure(value: Double(golden.contradictions)))
        case .expectations:
            let (met, count) = golden.expectationCounts
            return count == 0 ? undefined("no image has an expectation") : .success(share(met, count))
        case .newlyBroken:
            return earlier.map { .success(RuleFigure(value: Double(golden.newlyBroken(since: $0)))) }
                ?? undefined("there is no baseline")
        case .noPredictionCount, .noPredictionRate:
            guard let (hits, count) = golden.unpredicted(slice: rule.slice), count > 0 else {
                return undefined(rule.slice.map { "there is no slice '\($0)'" } ?? "there is no image")
            }
            return .success(
                rule.metric == .noPredictionRate ? share(hits, count) : RuleFigure(value: Double(hits)))
        default: break
        }
        let record = golden.record
        var (figures, perLabel) = (record.figures, record.perLabel)
        if let name = rule.slice {
            guard let slice = record.slices.first(where: { $0.name == name }) else {
                return undefined("there is no slice '\(name)'")
            }
            (figures, perLabel) = (slice.figures, slice.perLabel)
        }
        guard figures.count > 0 else { return undefined("no image has full truth") }
        if let name = rule.label {
            guard let label = perLabel.first(where: { $0.label == name }) else {
                return undefined("the label '\(name)' is unknown to the model")
            }
            guard label.support > 0 else { return undefined("no golden image carries '\(name)'") }
            return ofLabel(rule.metric, label).map(Result.success)
                ?? undefined("\(rule.metric.rawValue) of '\(name)' is undefined here")
        }
        guard let figure = ofAll(rule, figures, perLabel), figure.value.isFinite else {
            return undefined("\(rule.metric.rawValue) is undefined here")
        }
        return .success(figure)
    }

    /// How much larger `later` is, and by how much rounding may have made that too large.
    ///
    /// Of two counted shares the difference is one quotient of whole numbers, rounded once: 95 of 100 less 94 of 100 is what
    /// a person writes as 0.01. Other figures are sums of rounded quotients.
    func rise(to later: RuleFigure) -> (value: Double, rounding: Double) {
        if let (hits, count) = trials, let (laterHits, laterCount) = later.trials {
            let products = [
                laterHits.multipliedReportingOverflow(by: count), hits.multipliedReportingOverflow(by: laterCount),
                count.multipliedReportingOverflow(by: laterCount),
            ]
            if products.allSatisfy({ !$0.overflow && $0.partialValue < 1 << 53 }) {
                let difference = products[0].partialValue - products[1].partialValue
                return (Double(difference) / Double(products[2].partialValue), 0)
            }
        }
        return (later.value - value, 8 * max(abs(value), abs(later.value)).ulp)
    }

    private static func share(_ hits: Int, _ count: Int) -> RuleFigure {
        RuleFigure(value: Double(hits) / Double(count), trials: (hits, count))
    }

    private static func ofLabel(_ metric: Rule.Metric, _ label: LabelFigures) -> RuleFigure? {
        switch metric {
        case .precision: label.precision.map { RuleFigure(value: $0, trials: (label.tp, label.tp + label.fp)) }
        case .recall: label.recall.map { RuleFigure(value: $0, trials: (label.tp, label.tp + label.fn)) }
        case .f1: label.f1.map { RuleFigure(value: $0) }
        case .averagePrecision: label.averagePrecision.map { RuleFigure(value: $0) }
        case .rocAUC: label.rocAUC.map { RuleFigure(value: $0) }
        default: nil
        }
    }

    private static func ofAll(_ rule: Rule, _ f: Figures, _ perLabel: [LabelFigures]) -> RuleFigure? {
        let decisions = f.count * perLabel.count
        let wrong = perLabel.reduce(0) { $0 + $1.fp + $1.fn }
        let averages = ["micro": f.micro, "macro": f.macro, "weighted": f.weighted, "samples": f.samples]
        let average = rule.average.flatMap { averages[$0] }
        let tp = perLabel.reduce(0) { $0 + $1.tp }
        func averaged(_ value: Double?, _ count: Int) -> RuleFigure? {
            value.map { RuleFigure(value: $0, trials: rule.average == "micro" ? (tp, count) : nil) }
        }
        switch rule.metric {
        case .accuracyMulti: return decisions == 0 ? nil : share(decisions - wrong, decisions)
        case .hammingLoss: return decisions == 0 ? nil : share(wrong, decisions)
        case .exactMatch:
            return f.exactMatch.map { RuleFigure(value: $0, trials: (Int(($0 * Double(f.count)).rounded()), f.count)) }
        case .loss: return f.loss.map { RuleFigure(value: $0) }
        case .precision: return averaged(average?.precision, perLabel.reduce(0) { $0 + $1.tp + $1.fp })
        case .recall: return averaged(average?.recall, perLabel.reduce(0) { $0 + $1.tp + $1.fn })
        case .f1: return average?.f1.map { RuleFigure(value: $0) }
        case .meanAveragePrecision: return f.meanAveragePrecision.map { RuleFigure(value: $0) }
        case .macroROCAUC: return f.macroROCAUC.map { RuleFigure(value: $0) }
        case .averagePrecision, .rocAUC, .noPredictionCount, .noPredictionRate, .contradictions, .expectations,
            .newlyBroken:
            return nil
        }
    }
}
