import ArgumentParser
import Evaluation
import Foundation
import Training

struct Thresholds: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Chooses a threshold for each label, and says what that gains on images it was not chosen on.",
        discussion: """
            Examples:
              assay thresholds --record report --out thresholds.json
              assay thresholds --record report --optimise precision=0.9 --out t.json
              assay thresholds --record run --save run

            With --save the run predicts, gates and exports with them from now on;
            evaluate, predict, gate and export take the file with --thresholds.
            """)

    @Option(help: ArgumentHelp("A record.json, or a folder that holds one.", valueName: "file"))
    var record: String
    @Option(
        help: ArgumentHelp(
            "What to choose for: f1, f0.5, f2, precision=0.9 (largest recall), recall=0.9 (largest precision), cost=1:5 (false positive : false negative).",
            valueName: "goal"))
    var optimise = "f1"
    @Option(help: ArgumentHelp("Parts of the images for the cross-fitted gain, 2 to 20.", valueName: "n"))
    var folds = 5
    @Option(help: ArgumentHelp("The seed of folds and samples.", valueName: "n"))
    var seed: UInt64 = 42
    @Option(help: ArgumentHelp("The file to write.", valueName: "file"))
    var out: String?
    @Option(help: ArgumentHelp("A run whose thresholds these become.", valueName: "run"))
    var save: String?
    @Flag(help: "Print the file.")
    var json = false

    func validate() throws {
        do { _ = try ThresholdObjective(parsing: optimise) } catch { throw ValidationError("--optimise: \(error)") }
        guard (2...20).contains(folds) else { throw ValidationError("--folds: expected 2 to 20, got \(folds).") }
    }

    func run() throws {
        let record = try RecordFile.read(record)
        if let out { try refuseOther(out) }
        let columns = LabelColumns(record)
        guard columns.count > 0 else {
            throw InputError(
                "nothing to choose on", at: self.record, expected: "images whose labels are fully known", got: "none")
        }
        let plan = ThresholdPlan.measure(
            columns, current: record.thresholds, objective: try ThresholdObjective(parsing: optimise), folds: folds,
            seed: seed)
        if let save {
            try RunThresholds.save(record.labels.map { plan.thresholds[$0] ?? 0.5 }, labels: record.labels, in: save)
        }
        if let out { try FileBytes.write(ThresholdsFile.json(plan), to: out) }
        if json { return try Terminal.print(String(ThresholdsFile.json(plan).dropLast())) }
        try Terminal.print(ThresholdTable.lines(plan).map(\.singleLine).joined(separator: "\n"))
        if let out { try Terminal.print("thresholds: \(out)".singleLine) }
        if let save { try Terminal.print("saved in: \(save)".singleLine) }
    }

    /// An earlier thresholds file may be replaced, and nothing else.
    private func refuseOther(_ out: String) throws {
        guard FileTree.kind(of: out) != nil else { return }
        let isEarlier = (try? FileBytes.read(out)).flatMap { try? JSON.decode(ThresholdPlan.self, from: $0) } != nil
        guard isEarlier else {
            throw InputError(
                "the output's place is taken", at: out,
                expected: "a new file, or an earlier thresholds.json to replace",
                got: "something else")
        }
    }
}

/// A plan in lines for the terminal.
enum ThresholdTable {
    static func lines(_ plan: ThresholdPlan) -> [String] {
        let width = max(8, plan.perLabel.map(\.label.count).max() ?? 0) + 2
        let goal = plan.goal
        var lines = [
            "label".padded(width) + "in use".padded(-8) + "best".padded(-8) + "plateau".padded(-16)
                + plan.figure.padded(-14) + "in sample".padded(-12) + "unseen".padded(-10)
                + (goal == nil ? "" : "  reached: in use, in sample, unseen")
        ]
        for label in plan.perLabel {
            let plateau =
                label.plateauLow.map { "\(short($0))…\(short(label.plateauHigh))" } ?? "kept"
            lines.append(
                label.label.padded(width) + short(label.current).padded(-8) + short(label.threshold).padded(-8)
                    + plateau.padded(-16) + short(label.before.value).padded(-14)
                    + signed(label.inSampleGain).padded(-12) + signed(label.crossFittedGain).padded(-10)
                    + (goal == nil ? "" : reached(label)))
        }
        lines += [
            "mean \(plan.figure): \(Summary.number(plan.before.value)) in use; \(Summary.number(plan.inSample.value)) on the images "
                + "the thresholds were chosen on; \(Summary.number(plan.crossFitted.value)) on images they were not (\(plan.folds) folds)",
            "accuracy_multi: \(Summary.number(plan.before.accuracyMulti)) in use; \(Summary.number(plan.crossFitted.accuracyMulti)) "
                + "on images they were not chosen on",
        ]
        return lines + plan.verdict
    }

    /// Whether the wanted precision or recall is reached.
    private static func reached(_ label: ThresholdPlan.Label) -> String {
        guard label.isChosen else { return "" }
        let met = [label.before.isMet, label.inSample.isMet, label.crossFitted.isMet]
        return "  " + met.map { $0.map { $0 ? "yes" : "no" } ?? "-" }.joined(separator: ", ")
    }

    private static func short(_ value: Double?) -> String { value.map { String(format: "%.3f", $0) } ?? "-" }

    private static func signed(_ value: Double?) -> String { value.map { String(format: "%+.4f", $0) } ?? "-" }
}
