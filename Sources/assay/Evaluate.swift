import ArgumentParser
import Evaluation
import Foundation
import Report
import Training

struct Evaluate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measures a model, or predictions from anywhere, against labels and writes the report folder.",
        discussion: """
            Examples:
              assay evaluate --labels labels.csv --images photos --model run --out report
              assay evaluate --labels labels.csv --predictions scores.csv --out report
              assay evaluate --labels a.csv --predictions b.csv --out report --slices
              assay evaluate --labels l.csv --predictions s.csv --out r --optimise f2
              assay evaluate --labels a.csv --predictions b.csv --out r --allow-missing
              assay evaluate --labels a.csv --predictions b.csv --out r --vocab labels.txt
              assay evaluate --labels a.csv --images d --model run --out part-1 --shard 1/8
              assay evaluate --labels l.csv --predictions s.csv --out r --exclusive none
              assay evaluate --labels l.csv --images p --model run --out r --sweep blur=1,2

            Images and labels are matched by name. A label without predictions is refused unless --allow-missing. A label of \
            the predictions that no row of the labels file carries is measured without positives, and named; --vocab says \
            that it exists, --allow-extra leaves it out.
            """)

    @Option(help: ArgumentHelp("Labels: a CSV with fname,labels, or a folder for each label.", valueName: "csv"))
    var labels: String
    @Option(help: ArgumentHelp("The folder that holds the images.", valueName: "dir"))
    var images: String?
    @Option(help: ArgumentHelp("The report folder to write.", valueName: "dir"))
    var out: String
    @Option(
        help: ArgumentHelp(
            "Images a batch; another number of them, or of all images where they are fewer, may change last bits.",
            valueName: "n"))
    var batchSize = 32
    @Option(
        help: ArgumentHelp(
            "Measure part i of n of the images and write it for assay merge, without a report.", valueName: "i/n"))
    var shard: String?
    @OptionGroup var reportOptions: ReportOptions
    @OptionGroup var thresholdOptions: ThresholdOptions
    @Flag(
        help:
            "Leave out labels that the model or the predictions lack, and images without predictions; metrics.json names them."
    )
    var allowMissing = false
    @Flag(help: "Leave out predicted images, and labels, that the labels file lacks; metrics.json names them.")
    var allowExtra = false
    @OptionGroup var predictionOptions: PredictionOptions
    @Option(
        help: ArgumentHelp(
            "Also see each image n times augmented as in training, and average: fastai's test-time augmentation.",
            valueName: "n"))
    var tta = 0
    @OptionGroup var modelOptions: ModelOptions
    @OptionGroup var labelOptions: LabelOptions
    @OptionGroup var threadOptions: ThreadOptions
    @OptionGroup var sweepOptions: SweepOptions

    func validate() throws {
        guard (modelOptions.model == nil) != (predictionOptions.predictions == nil) else {
            throw ValidationError("Give either --model or --predictions.")
        }
        guard predictionOptions.predictions != nil || !allowExtra else {
            throw ValidationError("--allow-extra is for --predictions; a model's labels are all measured.")
        }
        guard sweepOptions.sweep.isEmpty || modelOptions.model != nil else {
            throw ValidationError("--sweep needs --model and --images.")
        }
        guard sweepOptions.sweep.isEmpty || shard == nil else {
            throw ValidationError("--sweep measures all images; leave out --shard.")
        }
        guard tta == 0 || modelOptions.model != nil else { throw ValidationError("--tta needs --model.") }
        guard modelOptions.model == nil || images != nil else { throw ValidationError("--model needs --images.") }
        if let shard {
            do { _ = try Shard(parsing: shard) } catch { throw ValidationError("--shard: \(error)") }
            guard !reportOptions.isAsked else {
                throw ValidationError("--shard writes no report; give the report's options to assay merge.")
            }
        }
        guard (0...1000).contains(tta) else { throw ValidationError("--tta: expected 0 to 1000, got \(tta).") }
        guard batchSize >= 1 else { throw ValidationError("--batch-size: expected 1 or more, got \(batchSize).") }
    }

    func run() throws {
        try OutputPlace.check(
            out, for: shard == nil ? .report : .part,
            inputs: [labels, images] + predictionOptions.inputs + modelOptions.inputs + thresholdOptions.inputs)
        let table = try labelOptions.table(labels)
        let columns = try reportOptions.sliceOptions.columns(labels, nameColumn: labelOptions.nameColumn)
        let shard = try shard.map { try Shard(parsing: $0) }
        let model = try modelOptions.model.map { try modelOptions.load($0) }
        let (input, total) = try measured(table, model, shard)
        if let shard {
            return try EvaluatedPart.write(input, shard: shard, of: total, settings: settings(), to: out)
        }
        let record = try input.measure(threads: threadOptions.count)
        try reportOptions.write(
            record, decoding: input.decoding, to: out, columns: columns, images: images, threads: threadOptions.count,
            sweep: sweep(record, model))
    }

    private func sweep(_ record: EvaluationRecord, _ model: Model?) throws -> [(path: String, bytes: [UInt8])] {
        guard !sweepOptions.sweep.isEmpty, let images, let model else { return [] }
        let analysis = reportOptions.analysisOptions
        return try sweepOptions.files(
            record, model: model, images: images,
            resamples: analysis.resamples ?? FigureIntervals.mostResamples, seed: analysis.analysisSeed,
            threads: threadOptions.count,
            batchSize: batchSize, isPaged: !reportOptions.noReport)
    }

    /// Scores and truth of the shard, or of all images, and how many there are in all.
    private func measured(
        _ table: LabelTable, _ model: Model?, _ shard: Shard?
    ) throws -> (input: EvaluationInput, total: Int) {
        if let model {
            return try Scoring.input(
                model, table, folder: images ?? "",
                thresholds: thresholdOptions.given(labels: model.config.vocab), threads: threadOptions.count,
                batchSize: batchSize, augmented: tta, allowsMissing: allowMissing, shard: shard)
        }
        let path = predictionOptions.predictions ?? ""
        let scores = try predictionOptions.readTable(
            path, vocab: modelOptions.vocab, nameColumn: labelOptions.nameColumn)
        var rules = MatchingRules()
        rules.allowsMissing = allowMissing
        rules.allowsExtra = allowExtra
        let whole = try EvaluationInput(
            title: URL(fileURLWithPath: path).lastPathComponent, predictions: scores, from: path, labels: table,
            vocab: modelOptions.vocab.map { Array(try NameList(lines: $0, of: "label")) } ?? [],
            thresholds: thresholdOptions.given(labels: scores.labels) ?? [0.5], rules: rules
        ) { Terminal.note("\(path): \($0)".singleLine) }
        let total = whole.truth.names.count
        return (try shard.map { whole.rows(try $0.rows(of: total)) } ?? whole, total)
    }

    /// What parts that are to be merged must share besides what they hold.
    private func settings() throws -> [String: String] {
        var settings = ["test-time views": "\(tta)", "kind": predictionOptions.logits ? "logits" : "probabilities"]
        // Which way a convolution is computed, and so the last bits of scores, depends on it.
        if modelOptions.model != nil { settings["batch size"] = "\(batchSize)" }
        settings[EvaluationPart.labelsFile] = try EvaluatedPart.digest(labels)
        settings[EvaluationPart.predictionsFile] = try EvaluatedPart.digest(predictionOptions.predictions)
        return settings
    }
}
