import Evaluation
import Raster

/// A threshold for each label and what it gains, with the curves it was chosen on.
enum ThresholdSection {
    static func html(_ analysis: Analysis, _ pictures: inout Pictures) throws -> String {
        guard let plan = analysis.thresholds else { return "" }
        var text = "<h3>A threshold for each label</h3>\n" + summary(plan) + gains(plan)
        let chosen = plan.perLabel.map { $0.isChosen ? $0.threshold : $0.current }
        text += """
            <p>Each label by its threshold: <span class="precision">precision</span> and \
            <span class="recall">recall</span>; the dashed line is the best threshold.</p>

            """
        // Those with the most wrong decisions are looked at first.
        let wrong = plan.perLabel.map { $0.before.fp + $0.before.fn }
        let order = wrong.indices.sorted { (-wrong[$0], $0) < (-wrong[$1], $1) }
        let labels = analysis.curves.map(\.label)
        let first = "with the most wrong decisions, those first"
        let rest = "their points are in <a href=\"\(LabelCurve.file)\">\(LabelCurve.file)</a>"
        text += try pictures.grid(labels, order: order, first: first, rest: rest) { index, pictures in
            let curve = analysis.curves[index]
            let chart = SmallChart(
                xTitle: "threshold", yTitle: "",
                lines: [
                    .init(color: Palette.blue, points: curve.points.map { ($0.threshold, $0.precision) }),
                    .init(
                        color: Palette.orange,
                        points: curve.points.compactMap { point in point.recall.map { (point.threshold, $0) } }),
                ], mark: chosen[index])
            return try pictures.tag(
                "curve-\(index + 1)", chart.draw(),
                alt: "Precision and recall by threshold; best threshold \(FigureText.of(chosen[index]))",
                scale: Pictures.chartScale)
        }
        text += "\n<p>The same as precision by recall.</p>\n"
        text += try pictures.grid(labels, order: order, first: first, rest: rest) { index, pictures in
            let points = analysis.curves[index].points.compactMap { point in point.recall.map { ($0, point.precision) }
            }
            let chart = SmallChart(
                xTitle: "recall", yTitle: "precision", lines: [.init(color: Palette.green, points: points)])
            return try pictures.tag(
                "recall-\(index + 1)", chart.draw(), alt: "Precision by recall, \(points.count) points",
                scale: Pictures.chartScale)
        }
        return text
    }

    private static func summary(_ plan: ThresholdPlan) -> String {
        let verdict = plan.verdict.map { line in
            " <strong>\(escaped(line.prefix(1).uppercased() + line.dropFirst())).</strong>"
        }.joined()
        return """
            <p>Chosen for <code>\(escaped(plan.objective))</code>. Mean \(escaped(plan.figure)): \(figure(plan.before.value)) in use, \
            \(figure(plan.inSample.value)) on the images the thresholds were chosen on, and <strong>\(figure(plan.crossFitted.value))</strong> \
            on images they were not chosen on (\(plan.folds) folds, each judged by thresholds that never saw it). accuracy_multi on unseen images: \
            \(figure(plan.crossFitted.accuracyMulti)), in use \(figure(plan.before.accuracyMulti)).\(verdict) They are in \
            <code>thresholds.json</code>; <code>predict</code>, <code>evaluate</code>, <code>gate</code> and <code>export</code> take it \
            with <code>--thresholds</code>.</p>

            """
    }

    private static func gains(_ plan: ThresholdPlan) -> String {
        func range(_ low: Double?, _ high: Double?) -> String {
            guard let low, let high else { return figure(nil) }
            return FigureText.range(low, high)
        }
        let isWanted = plan.perLabel.contains { $0.crossFitted.isMet != nil }
        let rows = plan.perLabel.map { label -> [String] in
            let outcomes = [label.before.isMet, label.inSample.isMet, label.crossFitted.isMet]
            let met = isWanted ? outcomes.map { $0.map { $0 ? "yes" : "no" } ?? figure(nil) } : []
            return [
                named(label.label), "\(label.support)", FigureText.of(label.current),
                label.isChosen ? "<strong>\(FigureText.short(label.threshold))</strong>" : "kept",
                range(label.plateauLow, label.plateauHigh), range(label.intervalLow, label.intervalHigh),
                figure(label.before.value), signed(label.inSampleGain), signed(label.crossFittedGain),
            ] + met
        }
        let text = table(
            caption: "Best threshold of each label",
            head: [
                "label", "support", "in use", "best", "plateau", "95 % of choices", "\(plan.figure) in use",
                "gain, same images", "gain, unseen images",
            ] + (isWanted ? ["reached, in use", "reached, same images", "reached, unseen images"] : []), rows: rows)
        let isLong = rows.count > LabelDecisions.shown + 10
        return (isLong ? "<details><summary>Thresholds of \(rows.count) labels</summary>\n\(text)</details>\n" : text)
            + """

            <p class="soft">plateau: all thresholds that are as good on these images; a narrow one is a fragile choice. 95 % of choices: \
            where bootstrap samples of the images put the best threshold.</p>

            """
    }
}
