import ArgumentParser
import Evaluation
import Foundation
import Training

struct Predict: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says what a model sees in images or folders of images.",
        discussion: """
            Examples:
              assay predict --model run photo.jpg
              assay predict --model run photos --csv > predictions.csv
              assay predict --model run photos --tta 4
              assay predict --model run photo.jpg --thresholds thresholds.json
            """)

    @Argument(help: ArgumentHelp("Images, or folders of images.", valueName: "path"))
    var paths: [String]
    @Flag(help: "Print JSON.")
    var json = false
    @Flag(help: "Print a wide CSV of probabilities.")
    var csv = false
    @Option(
        help: ArgumentHelp(
            "Images a batch; another number of them, or of all images where they are fewer, may change last bits.",
            valueName: "n"))
    var batchSize = 32
    @Option(
        help: ArgumentHelp(
            "Also see each image n times augmented as in training, and average: fastai's test-time augmentation.",
            valueName: "n"))
    var tta = 0
    @OptionGroup var thresholdOptions: ThresholdOptions
    @OptionGroup var modelOptions: ModelOptions
    @OptionGroup var threadOptions: ThreadOptions

    func validate() throws {
        guard modelOptions.model != nil else { throw ValidationError("Missing expected argument '--model <model>'.") }
        guard !(json && csv) else { throw ValidationError("Give either --json or --csv.") }
        guard (0...1000).contains(tta) else { throw ValidationError("--tta: expected 0 to 1000, got \(tta).") }
        guard batchSize >= 1 else { throw ValidationError("--batch-size: expected 1 or more, got \(batchSize).") }
    }

    func run() throws {
        let model = try modelOptions.load(modelOptions.model ?? "")
        let given = try thresholdOptions.given(labels: model.config.vocab)
        let files = try ImageArguments.expand(paths)
        let (scores, _) = try Scoring.score(
            model, files.map(\.path), files.map(\.name), threads: threadOptions.count, batchSize: batchSize,
            augmented: tta)
        if csv { return try Terminal.print(String(Predictions.csv(scores).dropLast())) }
        let thresholds = given ?? model.config.thresholds
        var rows: [JSON] = []
        for (row, name) in scores.names.enumerated() {
            let probabilities = Array(scores[row])
            let predicted = probabilities.indices.filter { probabilities[$0] > thresholds[$0] }
            if json {
                rows.append(
                    .object([
                        "fname": .string(name), "predicted": .array(predicted.map { .string(scores.labels[$0]) }),
                        "probabilities": .object(
                            Dictionary(uniqueKeysWithValues: zip(scores.labels, probabilities.map { .number($0) }))),
                    ]))
                continue
            }
            let said = predicted.map { "\(scores.labels[$0]) \(String(format: "%.3f", probabilities[$0]))" }
            let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] }.map {
                "no prediction (nearest: \(scores.labels[$0]) \(String(format: "%.3f", probabilities[$0])))"
            }
            try Terminal.print("\(name): \(said.isEmpty ? best ?? "" : said.joined(separator: ", "))".singleLine)
        }
        if json { try Terminal.print(JSON.array(rows).text()) }
    }
}
