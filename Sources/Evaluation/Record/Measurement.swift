/// The figures of some images: what `EvaluationRecord.measure` takes of the whole and of each slice.
struct Measurement {
    let labels: [String]
    /// By label, `[C][N]`.
    let scores: [[Double]]
    let targets: [[Bool]]
    let predicted: [[Bool]]
    let losses: [Double]
    let count: Int

    /// - Parameter rows: the images to measure, each with a full target.
    init(_ all: Scores, _ truth: Truth, predicted decisions: [[Int]], losses: [Double?], rows: [Int]) {
        labels = all.labels
        count = rows.count
        let width = labels.count
        scores = (0..<width).map { label in rows.map { all.values[$0 * width + label] } }
        func oneHot(_ sets: [[Int]]) -> [[Bool]] {
            var columns = [[Bool]](repeating: [Bool](repeating: false, count: sets.count), count: width)
            for (row, set) in sets.enumerated() { for label in set { columns[label][row] = true } }
            return columns
        }
        targets = oneHot(rows.map { truth.targets[$0] ?? [] })
        predicted = oneHot(rows.map { decisions[$0] })
        self.losses = rows.compactMap { losses[$0] }
    }

    /// The same images, with nothing predicted and every label's base rate as its score.
    ///
    /// A constant score ranks nothing, so what ranking gives is chance.
    init(nullOf other: Measurement) {
        labels = other.labels
        targets = other.targets
        count = other.count
        let images = Double(max(other.count, 1))
        let rates = other.targets.map { Double($0.count { $0 }) / images }
        scores = rates.map { Array(repeating: $0, count: other.count) }
        predicted = other.targets.map { $0.map { _ in false } }
        losses = (0..<other.count).map { row in
            zip(rates, other.targets).reduce(0) { $0 + CrossEntropy.term($1.0, $1.1[row]) }
                / Double(max(rates.count, 1))
        }
    }

    private func counts(_ label: Int) -> Counts {
        var counts = Counts()
        for (target, said) in zip(targets[label], predicted[label]) { counts.add(target: target, predicted: said) }
        return counts
    }

    func perLabel() -> [LabelFigures] {
        labels.indices.map { label in
            let c = counts(label)
            let (s, t) = (scores[label], targets[label])
            return LabelFigures(
                label: labels[label], support: c.tp + c.fn, tp: c.tp, fp: c.fp, fn: c.fn, tn: c.tn,
                precision: c.precision, recall: c.recall, f1: c.f1,
                averagePrecision: Ranking.averagePrecision(s, t), rocAUC: Ranking.rocAUC(s, t),
                brier: CalibrationError.brier(s, t), ece: CalibrationError.expected(s, t),
                bestThreshold: ThresholdCurve.best(s, t))
        }
    }

    func figures(_ perLabel: [LabelFigures]) -> Figures {
        let all = labels.indices.map(counts)
        let total = all.reduce(Counts(), +)
        let decisions = count * labels.count
        let images = (0..<count).map { row -> Counts in
            var counts = Counts()
            for label in labels.indices { counts.add(target: targets[label][row], predicted: predicted[label][row]) }
            return counts
        }
        let accuracy = Counts.ratio(total.tp + total.tn, decisions)
        func mean(_ values: [Double]) -> Double? {
            values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
        }
        return Figures(
            count: count, loss: mean(losses), accuracyMulti: accuracy,
            exactMatch: Counts.ratio(images.count { $0.fp + $0.fn == 0 }, count),
            hammingLoss: Counts.ratio(total.fp + total.fn, decisions), micro: total.figures,
            macro: .mean(all.map { ($0.figures, 1) }),
            weighted: .mean(all.map { ($0.figures, Double($0.tp + $0.fn)) }),
            samples: .mean(images.map { ($0.figures, 1) }),
            meanAveragePrecision: mean(perLabel.compactMap(\.averagePrecision)),
            macroROCAUC: mean(perLabel.compactMap(\.rocAUC)),
            noPredictionCount: images.count { $0.tp + $0.fp == 0 })
    }
}
