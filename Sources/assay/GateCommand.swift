import ArgumentParser
import Evaluation
import Foundation
import Training

struct GateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gate",
        abstract: "Judges a model, or predictions, on a golden set; exit 0 passed, 1 failed, 3 inconclusive.",
        discussion: """
            Examples:
              assay gate --goldens Goldens/masks --model run --out verdict
              assay gate --goldens Goldens/masks --predictions scores.csv --baseline old
              assay gate --goldens Goldens/masks --model run --thresholds thresholds.json
            """)

    @Option(help: ArgumentHelp("The folder with golden.yaml.", valueName: "dir"))
    var goldens: String
    @Option(help: ArgumentHelp("An earlier record of the same images, or a folder that holds one.", valueName: "file"))
    var baseline: String?
    @Option(help: ArgumentHelp("The verdict folder to write.", valueName: "dir"))
    var out: String?
    @Option(help: ArgumentHelp("Images a batch.", valueName: "n"))
    var batchSize = 32
    @Flag(help: "Print the verdict as JSON.")
    var json = false
    @OptionGroup var thresholdOptions: ThresholdOptions
    @OptionGroup var predictionOptions: PredictionOptions
    @OptionGroup var modelOptions: ModelOptions
    @OptionGroup var threadOptions: ThreadOptions

    func validate() throws {
        guard (modelOptions.model == nil) != (predictionOptions.predictions == nil) else {
            throw ValidationError("Give either --model or --predictions.")
        }
        guard batchSize >= 1 else { throw ValidationError("--batch-size: expected 1 or more, got \(batchSize).") }
    }

    func run() throws {
        if let out {
            try OutputPlace.check(
                out, for: .verdict,
                inputs: [goldens, baseline] + predictionOptions.inputs + modelOptions.inputs
                    + thresholdOptions.inputs)
        }
        let judged: Gating.Result
        var decoding: [Double]?
        let earlier = try baseline.map(RecordFile.read)
        if let path = predictionOptions.predictions {
            let scores = try predictionOptions.read(path, vocab: modelOptions.vocab)
            judged = try Gating.judge(
                scores: scores, from: path, goldens: goldens, baseline: earlier,
                thresholds: thresholdOptions.given(labels: scores.labels) ?? [0.5])
        } else {
            let model = try modelOptions.load(modelOptions.model ?? "")
            decoding = model.config.thresholds
            judged = try Gating.judge(
                model: model, goldens: goldens, baseline: earlier,
                thresholds: thresholdOptions.given(labels: model.config.vocab), threads: threadOptions.count,
                batchSize: batchSize)
        }
        if let remark = decoding.flatMap({ ThresholdLint.remark(judged.record, decoding: $0) }) {
            Terminal.note(remark.singleLine)
        }
        if let out { try Gating.write(judged, to: out) }
        let verdict = judged.judgement.verdict
        try Terminal.print(json ? JSON.text(verdict) : VerdictFiles.lines(verdict).joined(separator: "\n"))
        if verdict.outcome != .passed { throw ExitCode(verdict.outcome.exitCode) }
    }
}
