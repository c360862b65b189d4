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
              assay evaluate --labels l.csv --predictions s.csv --out r --exclusive none
            """)

    @Option(help: ArgumentHelp("Labels: a CSV with fname,labels, or a folder for each label.", valueName: "csv"))
    var labels: String
    @Option(help: ArgumentHelp("The folder that holds the images.", valueName: "dir"))
    var images: String?
    @Option(help: ArgumentHelp("The report folder to write.", valueName: "dir"))
    var out: String
    @Option(help: ArgumentHelp("Images a batch.", valueName: "n"))
    var batchSize = 32
    @Option(help: ArgumentHelp("Worst images that the page shows; top_losses.csv lists all.", valueName: "n"))
    var topLosses = HTMLReport.topLossCount
    @Flag(help: "Print metrics.json.")
    var json = false
    @Flag(help: "Write the figures only, without page and pictures.")
    var noReport = false
    @Flag(help: "Also write report.html, one page that holds everything.")
    var singleFile = false
    @OptionGroup var thresholdOptions: ThresholdOptions
    @OptionGroup var analysisOptions: AnalysisOptions
    @Flag(help: "Leave out labelled images, and labels, that have no predictions; metrics.json counts them.")
    var allowMissing = false
    @Flag(help: "Leave out predicted images that the labels file lacks; metrics.json counts them.")
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
    @OptionGroup var sliceOptions: SliceOptions

    func validate() throws {
        guard (modelOptions.model == nil) != (predictionOptions.predictions == nil) else {
            throw ValidationError("Give either --model or --predictions.")
        }
        guard predictionOptions.predictions != nil || !(allowMissing || allowExtra) else {
            throw ValidationError("--allow-missing and --allow-extra are for --predictions.")
        }
        guard !(noReport && singleFile) else { throw ValidationError("Give either --no-report or --single-file.") }
        guard tta == 0 || modelOptions.model != nil else { throw ValidationError("--tta needs --model.") }
        guard modelOptions.model == nil || images != nil else { throw ValidationError("--model needs --images.") }
        guard (0...10_000).contains(topLosses) else {
            throw ValidationError("--top-losses: expected 0 to 10000, got \(topLosses).")
        }
        guard (0...1000).contains(tta) else { throw ValidationError("--tta: expected 0 to 1000, got \(tta).") }
        guard batchSize >= 1 else { throw ValidationError("--batch-size: expected 1 or more, got \(batchSize).") }
    }

    func run() throws {
        try OutputPlace.check(
            out, for: .report,
            inputs: [labels, images] + predictionOptions.inputs + modelOptions.inputs + thresholdOptions.inputs)
        let table = try labelOptions.table(labels)
        let record: EvaluationRecord
        var decoding: [Double]?
        if let path = predictionOptions.predictions {
            let scores = try predictionOptions.readTable(
                path, vocab: modelOptions.vocab, nameColumn: labelOptions.nameColumn)
            var rules = MatchingRules()
            rules.allowsMissing = allowMissing
            rules.allowsExtra = allowExtra
            record = try .measure(
                title: URL(fileURLWithPath: path).lastPathComponent, predictions: scores, from: path, labels: table,
                thresholds: thresholdOptions.given(labels: scores.labels) ?? [0.5], rules: rules,
                threads: threadOptions.count
            ) { Terminal.note("\(path): \($0)".singleLine) }
        } else {
            let model = try modelOptions.load(modelOptions.model ?? "")
            decoding = model.config.thresholds
            record = try Scoring.record(
                model, table, folder: images ?? "",
                thresholds: thresholdOptions.given(labels: model.config.vocab), threads: threadOptions.count,
                batchSize: batchSize, augmented: tta)
        }
        let parts = try sliceOptions.files(
            record, labels: labels, images: images, nameColumn: labelOptions.nameColumn)
        let form: ReportFolder.Form = noReport ? .figures : singleFile ? .pagesAndSingleFile : .pages
        let analysis =
            noReport && !analysisOptions.isAsked
            ? nil : try Analysis.measure(record, options: try analysisOptions.options(), decoding: decoding)
        if let remark = decoding.flatMap({ ThresholdLint.remark(record, decoding: $0) }) {
            Terminal.note(remark.singleLine)
        }
        try ReportFolder.write(
            record, analysis: analysis, to: out, imageFolder: images, topLossCount: topLosses, form: form,
            extra: parts)
        let written = noReport ? "metrics.json" : "index.html"
        if json { return try Terminal.print(MetricsFile.json(record, analysis: analysis)) }
        try Terminal.print(Summary.validation(record, analysis) + "\n" + "report: \(out)/\(written)".singleLine)
    }
}
