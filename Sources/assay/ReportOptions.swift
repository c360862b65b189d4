import ArgumentParser
import Evaluation
import Report

/// What is made of a measured record: page, figures, thresholds, slices.
struct ReportOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Worst images that the page shows; top_losses.csv lists all.", valueName: "n"))
    var topLosses = HTMLReport.topLossCount
    @Flag(help: "Print metrics.json.")
    var json = false
    @Flag(help: "Write figures and tables only, without page and pictures.")
    var noReport = false
    @Flag(help: "Also write report.html, one page that holds everything.")
    var singleFile = false
    @OptionGroup var analysisOptions: AnalysisOptions
    @OptionGroup var sliceOptions: SliceOptions

    func validate() throws {
        guard !(noReport && singleFile) else { throw ValidationError("Give either --no-report or --single-file.") }
        guard (0...10_000).contains(topLosses) else {
            throw ValidationError("--top-losses: expected 0 to 10000, got \(topLosses).")
        }
    }

    /// Whether anything but the default is asked for.
    var isAsked: Bool {
        topLosses != HTMLReport.topLossCount || json || noReport || singleFile || analysisOptions.isAsked
            || !sliceOptions.isEmpty
    }

    /// Writes the report folder and says the headline figures.
    /// - Parameters:
    ///   - decoding: the thresholds that the model predicts with, where they are known.
    ///   - columns: of the labels file, for slices.
    ///   - sweep: the files of a sweep, to be written beside.
    func write(
        _ record: EvaluationRecord, decoding: [Double]?, to out: String, columns: [SliceOptions.Column],
        images: String?, threads: Int, sweep: [(path: String, bytes: [UInt8])] = []
    ) throws {
        if let images, FileTree.kind(of: images) != .folder {
            throw InputError("there is no image folder", at: images, expected: "the folder of the images", got: "none")
        }
        let parts =
            try sweep
            + sliceOptions.files(
                record, columns: columns, images: images, isPaged: !noReport, threads: threads)
        let form: ReportFolder.Form = noReport ? .figures : singleFile ? .pagesAndSingleFile : .pages
        let analysis = try Analysis.measure(record, options: try analysisOptions.options(), decoding: decoding)
        if let remark = decoding.flatMap({ ThresholdLint.remark(record, decoding: $0) }) {
            Terminal.note(remark.singleLine)
        }
        for remark in record.remarks { Terminal.note(remark.singleLine) }
        try ReportFolder.write(
            record, analysis: analysis, to: out, imageFolder: images, topLossCount: topLosses, form: form,
            extra: parts)
        if !noReport, let images { noteMissing(record, images) }
        let written = noReport ? "metrics.json" : "index.html"
        if json { return try Terminal.print(MetricsFile.json(record, analysis: analysis)) }
        try Terminal.print(Summary.validation(record, analysis) + "\n" + "report: \(out)/\(written)".singleLine)
    }

    /// Says that pictures are missing from the page where `images` has none of those it should show.
    private func noteMissing(_ record: EvaluationRecord, _ images: String) {
        let shown = record.topLosses.prefix(topLosses).map { record.images[$0].name }
        let missing = shown.count { FileTree.kind(of: "\(images)/\($0)") == nil }
        guard missing > 0 else { return }
        Terminal.note(
            "\(images): \(missing) of the \(shown.count) pictures that the page should show \(missing == 1 ? "is" : "are") not there"
                .singleLine)
    }
}
