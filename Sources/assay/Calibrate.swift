import ArgumentParser
import Evaluation
import Foundation
import Training

struct Calibrate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says how far probabilities can be believed, and scales predictions so that they can.",
        discussion: """
            Examples:
              assay calibrate --record report --out calibration.json
              assay calibrate --scaling calibration.json --predictions new.csv --out scaled.csv
              assay calibrate --scaling report --predictions new.csv --out s.csv --method isotonic

            The scalings are judged on a half of the images that they were not fitted on; the one that is saved is fitted on all. \
            A temperature moves every probability away from or towards 0.5 and changes no order; isotonic scaling can mend more \
            and needs more images. assay evaluate writes the same calibration.json into its report.
            """)

    @Option(help: ArgumentHelp("A record.json to fit on, or a folder that holds one.", valueName: "file"))
    var record: String?
    @Option(help: ArgumentHelp("A calibration.json to apply, or a folder that holds one.", valueName: "file"))
    var scaling: String?
    @Option(help: ArgumentHelp("How to scale: temperature, temperature-per-label or isotonic.", valueName: "how"))
    var method = ScoreScaling.Method.temperature.rawValue
    @Option(help: ArgumentHelp("Bins of the curves, 2 to 100 (default: \(CalibrationSums.bins)).", valueName: "n"))
    var bins: Int?
    @Option(help: ArgumentHelp("The seed of the halves (default: 42).", valueName: "n"))
    var seed: UInt64?
    @Option(help: ArgumentHelp("The file to write.", valueName: "file"))
    var out: String?
    @Flag(help: "Print calibration.json.")
    var json = false
    @Option(help: ArgumentHelp("The labels of an array's columns, one a line.", valueName: "file"))
    var vocab: String?
    @OptionGroup var predictionOptions: PredictionOptions

    func validate() throws {
        guard (record == nil) != (scaling == nil) else {
            throw ValidationError("Give either --record to fit on, or --scaling to apply.")
        }
        guard (scaling == nil) == (predictionOptions.predictions == nil) else {
            throw ValidationError("--scaling and --predictions belong together.")
        }
        guard scaling == nil || out != nil else { throw ValidationError("--scaling needs --out.") }
        guard ScoreScaling.Method(rawValue: method) != nil else {
            throw ValidationError(
                "--method: expected \(ScoreScaling.Method.allCases.map(\.rawValue).joined(separator: ", ")), got '\(method)'."
            )
        }
        if let bins, !(2...100).contains(bins) { throw ValidationError("--bins: expected 2 to 100, got \(bins).") }
        for (name, isGiven) in [("--bins", bins != nil), ("--seed", seed != nil), ("--json", json)]
        where isGiven && scaling != nil {
            throw ValidationError("\(name) means nothing with --scaling, whose fit is done.")
        }
    }

    func run() throws {
        if let scaling { return try apply(scaling) }
        let record = try RecordFile.read(record ?? "")
        if let out {
            try refuseOther(out, "a new file, or an earlier calibration.json to replace") {
                _ = try CalibrationFile.read(out)
            }
        }
        let columns = LabelColumns(record)
        guard columns.count > 0 else {
            throw InputError(
                "nothing to calibrate on", at: self.record, expected: "images whose labels are fully known", got: "none"
            )
        }
        if let refusal = Calibration.refusal(columns) {
            throw InputError(
                "nothing can be calibrated", at: self.record,
                expected: "two images or more, and a label that some carry and others do not", got: refusal)
        }
        let calibration = Calibration.measure(columns, bins: bins ?? CalibrationSums.bins, seed: seed ?? 42)
        for remark in calibration.remarks { Terminal.note(remark.singleLine) }
        let text = try CalibrationFile.json(calibration)
        if let out { try FileBytes.write(text, to: out) }
        if json { return try Terminal.print(String(text.dropLast())) }
        try Terminal.print(CalibrationTable.lines(calibration).map(\.singleLine).joined(separator: "\n"))
        if let out { try Terminal.print("calibration: \(out)".singleLine) }
    }

    private func apply(_ scaling: String) throws {
        guard let out, let path = predictionOptions.predictions, let method = ScoreScaling.Method(rawValue: method)
        else { return }
        try refuseOther(out, "a new file") { throw InputError("is another file", at: out) }
        let scores = try predictionOptions.read(path, vocab: vocab)
        let fitted = try CalibrationFile.read(scaling)
        let scaled = try fitted.apply(scores, method: method)
        let kept = fitted.unfitted(by: method)
        if !kept.isEmpty {
            Terminal.note("left as they are, without a fit: \(kept.joined(separator: ", "))".singleLine)
        }
        try FileBytes.write(Predictions.csv(scaled), to: out)
        try Terminal.print("scaled \(scaled.names.count) images: \(out)".singleLine)
    }

    /// Nothing but what this command wrote is replaced.
    private func refuseOther(_ out: String, _ expected: String, _ check: () throws -> Void) throws {
        guard FileTree.kind(of: out) != nil else { return }
        do { try check() } catch {
            throw InputError("the output's place is taken", at: out, expected: expected, got: "something else")
        }
    }
}

/// A calibration in lines for the terminal.
enum CalibrationTable {
    static func lines(_ calibration: Calibration) -> [String] {
        let width = max(22, calibration.labels.map(\.label.count).max() ?? 0) + 2
        func row(_ name: String, _ outcome: Calibration.Outcome) -> String {
            name.padded(width)
                + [outcome.error, outcome.loss, outcome.brier].map { Summary.number($0).padded(-10) }.joined()
        }
        var lines = ["label".padded(width) + ["error", "by chance", "off"].map { $0.padded(-10) }.joined()]
        for label in calibration.labels {
            let curve = label.equalWidth
            lines.append(
                label.label.padded(width) + Summary.number(curve.error).padded(-10)
                    + Summary.number(curve.chanceCeiling).padded(-10) + (curve.isOff ? "yes" : "no").padded(-10))
        }
        lines += [
            "",
            "fitted on \(calibration.fittedCount) images, judged on the other \(calibration.heldOutCount):".padded(
                width),
            "scaling".padded(width) + ["error", "loss", "Brier"].map { $0.padded(-10) }.joined(),
            row("none", calibration.before),
        ]
        return lines
            + calibration.trials.map { trial in
                trial.unfitted.count == calibration.labels.count
                    ? trial.method.rawValue.padded(width) + "  not fitted: the first half has no estimate"
                    : row(trial.method.rawValue, trial.after)
            } + [
                "temperature of all images: \(calibration.scaling.temperature.map { Summary.number($0) } ?? "none")"
            ]
    }
}
