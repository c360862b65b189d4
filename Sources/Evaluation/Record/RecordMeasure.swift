extension EvaluationRecord {
    /// Measures scores against truth.
    ///
    /// - Parameters:
    ///   - truth: for the same images and labels as `scores`, in any order. Images whose target is nil (partly known) are
    ///     listed in `images` and left out of every figure.
    ///   - thresholds: one a label, or a single one for all; each in 0...1.
    ///   - slices: names and the rows of `truth` in each.
    ///   - pixelDigests: one an image, in `truth`'s order.
    ///   - curvePoints: thresholds of the curve.
    /// - Throws: `InputError` if images or labels differ, there are none, or a threshold is out of range.
    public static func measure(
        title: String, model: ModelIdentity? = nil, scores: Scores, truth: Truth, thresholds: [Double],
        slices: [String: [Int]] = [:], pixelDigests: [String]? = nil,
        curvePoints: [Double] = ThresholdCurve.notebookPoints
    ) throws -> EvaluationRecord {
        try measure(
            title: title, model: model, scores: ScoreTable(scores), truth: TruthTable(truth), thresholds: thresholds,
            slices: slices, pixelDigests: pixelDigests, curvePoints: curvePoints)
    }

    /// The same for tables of many images. One sort a label, so N log N; the figures are the same at any number of threads.
    ///
    /// - Parameters:
    ///   - leftOut: what the caller left out when it matched the two.
    ///   - threads: nil for all cores.
    public static func measure(
        title: String, model: ModelIdentity? = nil, scores: ScoreTable, truth: TruthTable, thresholds: [Double],
        slices: [String: [Int]] = [:], pixelDigests: [String?]? = nil,
        curvePoints: [Double] = ThresholdCurve.notebookPoints, leftOut: LeftOut? = nil, threads: Int? = nil
    ) throws -> EvaluationRecord {
        guard !truth.names.isEmpty, !truth.labels.isEmpty else {
            throw InputError(
                "nothing to evaluate", expected: "at least one image and one label",
                got: "\(truth.names.count) images and \(truth.labels.count) labels")
        }
        return try measure(
            title: title, model: model, matched: scores.matched(truth).scores, truth: truth, thresholds: thresholds,
            slices: slices, pixelDigests: pixelDigests, curvePoints: curvePoints, leftOut: leftOut, threads: threads)
    }

    /// - Parameter scores: of the truth's images and labels, in their order.
    static func measure(
        title: String, model: ModelIdentity?, matched scores: ScoreTable, truth: TruthTable, thresholds: [Double],
        slices: [String: [Int]] = [:], pixelDigests: [String?]?,
        curvePoints: [Double] = ThresholdCurve.notebookPoints, leftOut: LeftOut?, threads: Int?
    ) throws -> EvaluationRecord {
        let labels = truth.labels
        let thresholds = try expand(thresholds, count: labels.count)
        let threads = threads ?? Parallel.threads
        let rows = Rows(count: truth.names.count, known: truth.known)
        var predicted = LabelBits(count: rows.count, width: labels.count)
        var losses = [Double](repeating: .nan, count: rows.count)
        var costliest = [Int32](repeating: -1, count: rows.count)
        let whole = predicted.withWords { words, stride in
            losses.withUnsafeMutableBufferPointer { losses in
                costliest.withUnsafeMutableBufferPointer { costliest in
                    Measurement(
                        scores.columns, truth.targets, labels: labels, rows: rows, thresholds: thresholds,
                        curvePoints: curvePoints, threads: threads
                    ) { row, image, cells in
                        for label in cells.said.indices where cells.said[label] {
                            words[label * stride + row >> 6] |= 1 << UInt64(row & 63)
                        }
                        guard rows.isKnown(row) else { return }
                        losses[row] = image.loss
                        costliest[row] = Int32(image.costliest)
                    }
                }
            }
        }
        let null = NullMeasurement(beside: whole, truth.targets, rows: rows, threads: threads)
        let images = ImageOutcomes(
            names: truth.names, columns: scores.columns, targets: truth.targets, known: truth.known,
            predicted: predicted, losses: losses, costliest: costliest, digests: pixelDigests)
        return EvaluationRecord(
            title: title, model: model, labels: labels, thresholds: thresholds, figures: whole.figures,
            nullFigures: null.figures, perLabel: whole.perLabel, nullPerLabel: null.perLabel,
            confusion: whole.confusion.matrix(labels), thresholdCurve: whole.curve, images: images,
            topLosses: images.byLoss(),
            slices: slices.keys.sorted().map { name in
                let part = Measurement(
                    scores.columns, truth.targets, labels: labels,
                    rows: Rows((slices[name] ?? []).filter { truth.known?[$0] ?? true }), thresholds: thresholds,
                    isMatrixWanted: false, threads: threads)
                return SliceFigures(name: name, figures: part.figures, perLabel: part.perLabel)
            }, leftOut: leftOut.flatMap { $0.isNothing ? nil : $0 })
    }

    private static func expand(_ thresholds: [Double], count: Int) throws -> [Double] {
        guard thresholds.allSatisfy({ (0...1).contains($0) }) else {
            throw InputError("a threshold is out of range", expected: "0 to 1", got: "\(thresholds)")
        }
        if thresholds.count == 1 { return Array(repeating: thresholds[0], count: count) }
        guard thresholds.count == count else {
            throw InputError("thresholds do not fit the labels", expected: "1 or \(count)", got: "\(thresholds.count)")
        }
        return thresholds
    }
}
