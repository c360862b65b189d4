import Evaluation
import Foundation
import Raster

/// How far probabilities can be believed, and what scaling them gains.
enum CalibrationSection {
    static func html(_ calibration: Calibration, _ pictures: inout Pictures) throws -> String {
        let whole = calibration.overall
        var text = """
            <h2>Calibration</h2>
            <p>Of all decisions of which a model says 0.8, 8 of 10 should be so. The calibration error over all of them is \
            <strong>\(figure(whole.error))</strong>; were every probability exactly right, so many images would give up to \
            \(figure(whole.chanceCeiling)) in 95 of 100 cases\(whole.isOff ? "" : ": over all labels, nothing here says that they are off by more than chance").</p>

            """
        text += calibration.remarks.map {
            "<p class=\"warning\">\(escaped($0.prefix(1).uppercased() + $0.dropFirst())).</p>\n"
        }
        .joined()
        text += trials(calibration) + labels(calibration)
        text += """
            <p>Share of positives by probability said: <span class="precision">bins of equal width</span> and \
            <span class="recall">bins of equally many images</span>, with the 95 % intervals of the former; on the dashed \
            line the probabilities are right. Counts are in <a href="\(Calibration.curveFile)">\(Calibration.curveFile)</a>.</p>

            """
        let errors = calibration.labels.map { $0.equalWidth.error ?? -1 }
        text += try pictures.grid(
            calibration.labels.map(\.label), order: errors.indices.sorted { (-errors[$0], $0) < (-errors[$1], $1) },
            first: "with the largest calibration error, those first",
            rest: "their bins are in <a href=\"\(Calibration.curveFile)\">\(Calibration.curveFile)</a>"
        ) { index, pictures in
            let label = calibration.labels[index]
            return try pictures.tag(
                "reliability-\(index + 1)", chart(label).draw(),
                alt: "Share of positives by probability; calibration error \(figure(label.equalWidth.error))",
                scale: Pictures.chartScale)
        }
        return text
    }

    private static func chart(_ label: Calibration.Label) -> SmallChart {
        var chart = SmallChart(
            xTitle: "probability said", yTitle: "is so",
            lines: [
                .init(color: Palette.soft, points: [(0, 0), (1, 1)], isDashed: true),
                .init(color: Palette.orange, points: label.equalMass.bins.map { ($0.meanScore, $0.frequency) }),
                .init(
                    color: Palette.blue, points: label.equalWidth.bins.map { ($0.meanScore, $0.frequency) },
                    hasDots: true),
            ])
        chart.bars = label.equalWidth.bins.map { ($0.meanScore, $0.intervalLow, $0.intervalHigh) }
        return chart
    }

    private static func trials(_ calibration: Calibration) -> String {
        func row(_ name: String, _ outcome: Calibration.Outcome) -> [String] {
            [name, figure(outcome.error), figure(outcome.meanLabelError), figure(outcome.loss), figure(outcome.brier)]
        }
        let temperature = calibration.scaling.temperature.map {
            " The temperature of all images is \(FigureText.decimals($0))"
                + ($0 > 1.05
                    ? ": the model is too sure."
                    : $0 < 0.95 ? ": the model is not sure enough." : ": near 1, it changes little.")
        }
        return """
            <h3>Scaled probabilities</h3>
            <p>Fitted on \(calibration.fittedCount) of the images and judged on the other \(calibration.heldOutCount), so that \
            what is gained is not what was learned by heart.\(temperature ?? "") The scaling of all images is in \
            <a href="\(Calibration.file)">\(Calibration.file)</a>; <code>assay calibrate</code> applies it to other \
            predictions. Few images make isotonic scaling say 0 and 1, which costs much loss where it is wrong.</p>
            \(table(
                caption: "On images that the scaling has not seen",
                head: ["scaling", "calibration error", "mean of labels", "loss", "Brier"],
                rows: [row("none", calibration.before)]
                    + calibration.trials.map { trial in
                        trial.unfitted.count == calibration.labels.count
                            ? [name(trial.method), "not fitted"] + Array(repeating: figure(nil), count: 3)
                            : row(name(trial.method), trial.after)
                    }))
            """
    }

    private static func name(_ method: ScoreScaling.Method) -> String {
        switch method {
        case .temperature: "one temperature"
        case .temperaturePerLabel: "a temperature for each label"
        case .isotonic: "isotonic"
        }
    }

    private static func labels(_ calibration: Calibration) -> String {
        let rows = calibration.labels.enumerated().map { index, label -> [String] in
            let scaling = calibration.scaling.perLabel[index]
            return [
                named(label.label), "\(label.support)", figure(label.equalWidth.error),
                figure(label.equalWidth.chanceCeiling), label.equalWidth.isOff ? "yes" : "no",
                figure(label.equalMass.error), scaling.temperature.map { FigureText.decimals($0) } ?? "kept",
                figure(label.heldOutError),
            ] + calibration.trials.map { figure($0.perLabel[index]) }
        }
        return """

            <details><summary>Calibration of each label</summary>
            \(table(
                caption: "Calibration errors",
                head: ["label", "support", "error", "by chance up to", "more than chance", "error, equal mass", "temperature",
                    "unseen half, as it is"] + calibration.trials.map { "unseen half, \(name($0.method))" },
                rows: rows))
            </details>

            """
    }
}
