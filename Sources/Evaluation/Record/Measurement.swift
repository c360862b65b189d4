/// The figures of some images: what `EvaluationRecord.measure` takes of the whole and of each slice.
struct Measurement {
    let perLabel: [LabelFigures]
    let figures: Figures
    /// Empty where no matrix is wanted.
    let confusion: InsteadOfCounts
    let curve: [ThresholdPoint]
    fileprivate let ranked: [RankedFigures]

    /// - Parameters:
    ///   - rows: the images to measure; of those, only the known count.
    ///   - isMatrixWanted: as `ImagePass` has it.
    ///   - each: as for `ImagePass.run`.
    init(
        _ columns: ScoreColumns, _ truth: LabelBits, labels: [String], rows: Rows, thresholds: [Double],
        curvePoints: [Double] = [], isMatrixWanted: Bool = true, threads: Int,
        each: ImageCells.Each = { _, _, _ in }
    ) {
        switch columns {
        case .float(let columns):
            self.init(columns, truth, labels, rows, thresholds, curvePoints, isMatrixWanted, threads, each)
        case .double(let columns):
            self.init(columns, truth, labels, rows, thresholds, curvePoints, isMatrixWanted, threads, each)
        }
    }

    private init<Score: RankedScore>(
        _ columns: [[Score]], _ truth: LabelBits, _ labels: [String], _ rows: Rows, _ thresholds: [Double],
        _ curvePoints: [Double], _ isMatrixWanted: Bool, _ threads: Int, _ each: ImageCells.Each
    ) {
        ranked = Parallel.map(columns.count, threads: threads) { label in
            RankedLabel<Score>(Self.keys(columns[label], truth, label, rows)).figures(
                at: curvePoints + [thresholds[label]])
        }
        perLabel = zip(labels, ranked).map { LabelFigures($0, $1) }
        curve = ThresholdCurve.measure(ranked, curvePoints)
        let pass = ImagePass(
            columns: columns, truth: truth, thresholds: thresholds, isMatrixWanted: isMatrixWanted)
        let images = pass.run(rows, threads: threads, each: each)
        confusion = images.confusion
        figures = Figures(count: rows.knownCount, perLabel, ranked, images.sums)
    }

    /// What `RankedLabel` sorts: the known images' scores with their truth.
    static func keys<Score: RankedScore>(
        _ column: [Score], _ truth: LabelBits, _ label: Int, _ rows: Rows
    ) -> [Score.Key] {
        var keys: [Score.Key] = []
        keys.reserveCapacity(rows.count)
        column.withUnsafeBufferPointer { column in
            for at in 0..<rows.count where rows.isKnown(at) {
                let row = rows[at]
                keys.append(column[row].key | (truth[label, row] ? 1 : 0))
            }
        }
        return keys
    }
}

/// The same figures for a model that predicts nothing and gives every image each label's base rate as its score.
struct NullMeasurement {
    let perLabel: [LabelFigures]
    let figures: Figures

    /// - Parameter measured: of the same images.
    init(beside measured: Measurement, _ truth: LabelBits, rows: Rows, threads: Int) {
        let nulls = measured.ranked.map { NullLabel($0) }
        perLabel = zip(measured.perLabel, nulls).map { LabelFigures($0.label, $1.ranked) }
        // Its scores are constants, so that no column is read.
        let pass = ImagePass<Float>(
            columns: nulls.map { _ in [] }, truth: truth, thresholds: nulls.map { _ in 1 },
            nullScores: nulls.map(\.rate), isMatrixWanted: false)
        figures = Figures(
            count: rows.knownCount, perLabel, nulls.map(\.ranked), pass.run(rows, threads: threads).sums)
    }
}

/// One label under the null model: its base rate is the score of every image, and it is never predicted.
private struct NullLabel {
    let rate: Double
    /// A constant score ranks nothing, so what ranking gives is chance.
    var ranked: RankedFigures

    init(_ label: RankedFigures) {
        let (count, positives) = (label.count, label.positives)
        rate = Double(positives) / Double(max(count, 1))
        ranked = RankedFigures(count: count, positives: positives, thresholds: 1)
        ranked.counts = [Counts(tp: 0, fp: 0, fn: positives, tn: count - positives)]
        ranked.averagePrecision = positives > 0 ? rate : nil
        ranked.rocAUC = positives > 0 && positives < count ? 0.5 : nil
        // Below its rate, everything is predicted.
        ranked.bestThreshold = positives > 0 ? rate / 2 : nil
        ranked.calibration.add(rate, hits: positives, size: count)
    }
}

extension LabelFigures {
    /// - Parameter ranked: with the counts at the label's own threshold last.
    fileprivate init(_ label: String, _ ranked: RankedFigures) {
        let c = ranked.counts.last ?? Counts()
        self.init(
            label: label, support: ranked.positives, tp: c.tp, fp: c.fp, fn: c.fn, tn: c.tn,
            precision: c.precision, recall: c.recall, f1: c.f1, f2: c.f2, fHalf: c.fHalf, jaccard: c.jaccard,
            matthews: c.matthews, balancedAccuracy: c.balancedAccuracy, averagePrecision: ranked.averagePrecision,
            rocAUC: ranked.rocAUC, brier: ranked.calibration.brier, ece: ranked.calibration.expected,
            bestThreshold: ranked.bestThreshold)
    }
}

extension Figures {
    fileprivate init(count: Int, _ perLabel: [LabelFigures], _ ranked: [RankedFigures], _ images: ImageSums) {
        let counts = ranked.map { $0.counts.last ?? Counts() }
        let total = counts.reduce(Counts(), +)
        let decisions = count * counts.count
        var calibration = CalibrationSums()
        for label in ranked { calibration.add(label.calibration) }
        func mean(_ figure: (LabelFigures) -> Double?) -> Double? {
            let values = perLabel.compactMap(figure)
            return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
        }
        self.init(
            count: count, loss: images.meanLoss, accuracyMulti: Counts.ratio(total.tp + total.tn, decisions),
            exactMatch: images.exactMatch, hammingLoss: Counts.ratio(total.fp + total.fn, decisions),
            micro: total.figures, macro: .mean(counts.map { ($0.figures, 1) }),
            weighted: .mean(counts.map { ($0.figures, Double($0.tp + $0.fn)) }), samples: images.samplesFigures,
            meanAveragePrecision: mean(\.averagePrecision), macroROCAUC: mean(\.rocAUC),
            matthews: total.matthews, balancedAccuracy: mean(\.balancedAccuracy),
            coverageError: images.coverageError,
            labelRankingAveragePrecision: images.labelRankingAveragePrecision, rankingLoss: images.meanRankingLoss,
            brier: calibration.brier, ece: calibration.expected, noPredictionCount: images.noPrediction)
    }
}
