/// The work of `Gate.judge`: what bars a verdict, which expectations are broken, and each rule's result.
struct Judge {
    let record: EvaluationRecord
    let golden: GoldenSet
    let baseline: EvaluationRecord?
    /// Reasons why nothing can be concluded.
    var obstacles: [String] = []
    /// What a person should read.
    var remarks: [String] = []
    var broken: [ExpectationResult] = []
    /// Images with an expectation, and those that meet all of theirs.
    private var expected: Set<String> = []
    private var met: Set<String> = []

    init(record: EvaluationRecord, golden: GoldenSet, baseline: EvaluationRecord?) {
        self.record = record
        self.golden = golden
        self.baseline = baseline
    }

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
        for expectation in golden.expectations {
            let glob = Glob(expectation.match)
            let matched = record.images.filter { glob.matches($0.name) }
            if matched.isEmpty { obstacles.append("'\(expectation.match)' matches no image") }
            for image in matched { check(expectation, image) }
        }
        met = expected.subtracting(broken.map(\.image))
        for image in record.images where image.target == nil && !expected.contains(image.name) {
            obstacles.append("golden image '\(image.name)' has neither labels nor an expectation")
        }
    }

    private mutating func check(_ expectation: GoldenSet.Expectation, _ image: ImageOutcome) {
        expected.insert(image.name)
        let said = Set(image.predicted.map { record.labels[$0] })
        var wants: [String] = []
        if expectation.none, !said.isEmpty { wants.append("nothing predicted") }
        wants += expectation.must.filter { !said.contains($0) }.map { "must be \($0)" }
        wants += expectation.mustNot.filter { said.contains($0) }.map { "must not be \($0)" }
        guard !wants.isEmpty else { return }
        broken.append(
            ExpectationResult(
                image: image.name, expected: wants.joined(separator: ", "),
                got: said.isEmpty ? ConfusionMatrix.nothing(beside: record.labels) : record.names(image.predicted)))
    }

    mutating func ruleResults() -> [RuleResult] {
        var rules = golden.rules
        if rules.isEmpty {
            if golden.expectations.isEmpty {
                obstacles.append("the golden set demands nothing: it has no rules and no expectations")
                return []
            }
            remarks.append("no rules are given, so every expectation must be met")
            rules = [Rule(metric: .expectations, bound: .atLeast(1), place: GoldenSet.file)]
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
        if rule.needsBaseline, let problem = baselineProblem() { return open(problem) }
        let figure: RuleFigure
        switch RuleFigure.of(rule, self, in: record) {
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
            guard let baseline, case .success(let before) = RuleFigure.of(rule, self, in: baseline) else {
                return open("the figure is undefined in the baseline")
            }
            let drop = rule.metric.isLoss ? judged - before.value : before.value - judged
            (passes, shortfall) = (
                drop <= value,
                "\(got) is \(FigureText.of(drop, beside: value)) worse than \(FigureText.of(before.value))"
            )
        }
        return RuleResult(
            rule: rule.text, outcome: passes ? .passed : .failed, value: figure.value, bound: bound,
            intervalEnd: intervalEnd, reason: passes ? "" : shortfall)
    }

    private func baselineProblem() -> String? {
        guard let baseline else { return "the rule compares with a baseline, and none was given" }
        if Set(baseline.images.map(\.name)) != Set(record.images.map(\.name)) {
            return "the baseline is of other images"
        }
        if baseline.labels != record.labels { return "the baseline has other labels" }
        if let model = record.model, baseline.model?.digests == model.digests {
            return "the baseline is this very model"
        }
        return nil
    }

    // MARK: Figures that the golden set itself defines

    var contradictions: Int {
        let exclusive = Set(golden.exclusive.compactMap(record.labels.firstIndex))
        return record.images.count { image in
            image.predicted.count > 1 && !exclusive.isDisjoint(with: image.predicted)
        }
    }

    var expectationCounts: (met: Int, count: Int) { (met.count, expected.count) }

    /// Images that the baseline got right and this record gets wrong.
    var newlyBroken: Int {
        guard let baseline else { return 0 }
        let before = Dictionary(baseline.images.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        return record.images.count { image in
            before[image.name].map { isRight($0) && !isRight(image) } ?? false
        }
    }

    private func isRight(_ image: ImageOutcome) -> Bool {
        if let target = image.target, target != image.predicted { return false }
        var judge = Judge(record: record, golden: golden, baseline: nil)
        for expectation in golden.expectations where Glob(expectation.match).matches(image.name) {
            judge.check(expectation, image)
        }
        return judge.broken.isEmpty
    }
}
