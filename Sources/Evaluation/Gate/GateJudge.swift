/// The work of `Gate.judge`: what bars a verdict, which expectations are broken, and each rule's result.
struct Judge {
    let record: EvaluationRecord
    let golden: GoldenSet
    /// Reasons why nothing can be concluded.
    var obstacles: [String] = []
    /// What a person should read.
    var remarks: [String] = []
    /// What the golden set says of the record, and of the baseline.
    private let figures: GoldenFigures
    private let before: GoldenFigures?
    /// Why the baseline cannot be compared with; nil where it can.
    private let baselineProblem: String?

    init(record: EvaluationRecord, golden: GoldenSet, baseline: EvaluationRecord?) {
        self.record = record
        self.golden = golden
        figures = GoldenFigures(golden, record)
        before = baseline.map { GoldenFigures(golden, $0) }
        baselineProblem = Self.problem(of: baseline, for: record)
    }

    var broken: [ExpectationResult] { figures.broken }

    mutating func checkImages(trainedOn: TrainingImages) {
        remarks += golden.remarks
        if record.images.isEmpty || golden.images.isEmpty { obstacles.append("the golden set has no images") }
        if Set(record.images.map(\.name)) != Set(golden.images) {
            obstacles.append("the record is not of the golden set's images")
        }
        if record.images.contains(where: { !$0.scores.allSatisfy { (0...1).contains($0) } }) {
            obstacles.append("a score is not a probability")
        }
        for unknown in golden.unknownLabels(among: record.labels) {
            obstacles.append("\(unknown.place) names a label unknown to the model: '\(unknown.label)'")
        }
        checkTraining(trainedOn)
        var seen: [String: String] = [:]
        for image in record.images {
            guard let digest = image.pixelDigest, !digest.isEmpty else { continue }
            if let other = seen[digest] { remarks.append("'\(image.name)' shows the same pixels as '\(other)'") }
            seen[digest] = image.name
        }
    }

    private mutating func checkTraining(_ trainedOn: TrainingImages) {
        switch trainedOn {
        case .lost(let reason): obstacles.append("\(reason), so it may have been trained on golden images")
        case .unknown:
            remarks.append("the images the model was trained on are unknown; golden images among them are not found")
        case .known(let digests, let startedFrom):
            if let startedFrom {
                remarks.append("the images that '\(startedFrom)' was trained on, from which it started, are unknown")
            }
            for image in record.images {
                if (image.pixelDigest ?? "").isEmpty {
                    obstacles.append("golden image '\(image.name)' was not compared with the training images")
                } else if digests.contains(image.pixelDigest ?? "") {
                    obstacles.append("golden image '\(image.name)' is among the images the model was trained on")
                }
            }
        }
    }

    mutating func checkExpectations() {
        for pattern in figures.unmatched { obstacles.append("'\(pattern)' matches no image") }
        for image in record.images where image.target == nil && !figures.expected.contains(image.name) {
            obstacles.append("golden image '\(image.name)' has neither labels nor an expectation")
        }
    }

    /// The golden set's; where it has none, that every expectation is met.
    var rules: [Rule] {
        golden.rules.isEmpty && !golden.expectations.isEmpty
            ? [Rule(metric: .expectations, bound: .atLeast(1), place: GoldenSet.file)] : golden.rules
    }

    mutating func ruleResults() -> [RuleResult] {
        if rules.isEmpty {
            obstacles.append("the golden set demands nothing: it has no rules and no expectations")
        } else if golden.rules.isEmpty {
            remarks.append("no rules are given, so every expectation must be met")
        } else if !broken.isEmpty, !rules.contains(where: { $0.metric == .expectations }) {
            remarks.append("\(broken.count) expectations are not met, and no rule demands them")
        }
        return rules.map(result)
    }

    private func result(_ rule: Rule) -> RuleResult {
        let bound = rule.bound.value
        func open(_ reason: String) -> RuleResult {
            RuleResult(
                rule: rule.text, outcome: .inconclusive, value: nil, bound: bound, intervalEnd: nil, reason: reason)
        }
        if rule.needsBaseline, let problem = baselineProblem { return open(problem) }
        let figure: RuleFigure
        switch RuleFigure.of(rule, figures, since: before) {
        case .success(let value): figure = value
        case .failure(let problem): return open(problem.reason)
        }
        var (judged, intervalEnd) = (figure.value, Double?.none)
        if let confidence = rule.confidence {
            guard let trials = figure.trials else { return open("the figure has no counted trials, so no interval") }
            let interval = Interval.clopperPearson(hits: trials.hits, count: trials.count, confidence: confidence)
            if case .atMost = rule.bound { judged = interval.upperBound } else { judged = interval.lowerBound }
            intervalEnd = judged
        }
        let (passes, shortfall): (Bool, String)
        let got =
            FigureText.of(judged, beside: bound)
            + (intervalEnd == nil ? "" : ", the interval's end about \(FigureText.of(figure.value)),")
        switch rule.bound {
        case .atLeast(let value):
            (passes, shortfall) = (judged >= value, "\(got) is below \(FigureText.exactly(value))")
        case .atMost(let value): (passes, shortfall) = (judged <= value, "\(got) is above \(FigureText.exactly(value))")
        case .maxDrop(let value):
            guard let before, case .success(let earlier) = RuleFigure.of(rule, before) else {
                return open("the figure is undefined in the baseline")
            }
            let drop = rule.metric.isLoss ? earlier.rise(to: figure) : figure.rise(to: earlier)
            (passes, shortfall) = (
                drop.value <= value + drop.rounding,
                "\(got) is \(FigureText.of(drop.value, beside: value)) worse than \(FigureText.of(earlier.value))"
            )
        }
        return RuleResult(
            rule: rule.text, outcome: passes ? .passed : .failed, value: figure.value, bound: bound,
            intervalEnd: intervalEnd, reason: passes ? "" : shortfall)
    }

    private static func problem(of baseline: EvaluationRecord?, for record: EvaluationRecord) -> String? {
        guard let baseline else { return "the rule compares with a baseline, and none was given" }
        if let model = record.model, baseline.model?.digests == model.digests {
            return "the baseline is this very model"
        }
        do { try RecordPairing.requireBaseline(baseline, of: record) } catch {
            return "the baseline does not fit: "
                + InputError(error.what, expected: error.expected, got: error.got).description
        }
        return nil
    }
}
