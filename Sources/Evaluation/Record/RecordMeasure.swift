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
        guard !truth.names.isEmpty, !truth.labels.isEmpty else {
            throw InputError(
                "nothing to evaluate", expected: "at least one image and one label",
                got: "\(truth.names.count) images and \(truth.labels.count) labels")
        }
        let scores = try scores.aligned(names: truth.names, labels: truth.labels)
        let thresholds = try expand(thresholds, count: truth.labels.count)
        var images: [ImageOutcome] = []
        for (row, name) in truth.names.enumerated() {
            let probabilities = scores[row]
            let cost = truth.targets[row].map { CrossEntropy.image(probabilities, target: $0) }
            images.append(
                ImageOutcome(
                    name: name, target: truth.targets[row],
                    predicted: probabilities.enumerated().compactMap { $1 > thresholds[$0] ? $0 : nil },
                    loss: cost?.loss, costliestLabel: cost.flatMap(\.costliest), scores: Array(probabilities),
                    pixelDigest: pixelDigests?[row]))
        }
        func measurement(_ rows: [Int]) -> Measurement {
            Measurement(
                scores, truth, predicted: images.map(\.predicted), losses: images.map(\.loss),
                rows: rows.filter { truth.targets[$0] != nil })
        }
        let whole = measurement(Array(images.indices))
        let perLabel = whole.perLabel()
        let null = Measurement(nullOf: whole)
        let known = images.filter { $0.target != nil }
        return EvaluationRecord(
            title: title, model: model, labels: truth.labels, thresholds: thresholds,
            figures: whole.figures(perLabel), nullFigures: null.figures(null.perLabel()), perLabel: perLabel,
            confusion: .measure(
                labels: truth.labels, targets: known.map { $0.target ?? [] }, predicted: known.map(\.predicted)),
            thresholdCurve: ThresholdCurve.measure(whole.scores, whole.targets, at: curvePoints), images: images,
            topLosses: topLosses(images),
            slices: slices.keys.sorted().map { name in
                let part = measurement(slices[name] ?? [])
                let labels = part.perLabel()
                return SliceFigures(name: name, figures: part.figures(labels), perLabel: labels)
            })
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

    private static func topLosses(_ images: [ImageOutcome]) -> [Int] {
        images.enumerated().compactMap { index, image in image.loss.map { (index, $0, image.name.utf8) } }
            .sorted { $0.1 != $1.1 ? $0.1 > $1.1 : $0.2.lexicographicallyPrecedes($1.2) }.map(\.0)
    }
}
