import ArgumentParser
import DemoData
import Evaluation
import Export
import Foundation
import Training

struct Demo: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Draws a data set, trains, evaluates, reports, judges and exports: the whole way in a few minutes.",
        discussion: "Example:\n  assay demo --out assay-demo")

    @Option(help: ArgumentHelp("The folder to write.", valueName: "dir"))
    var out = "assay-demo"
    @Option(help: ArgumentHelp("Epochs to train.", valueName: "n"))
    var epochs = 20
    @Option(
        help: ArgumentHelp(
            "The golden set to pass (default: Goldens/masks if it is here, else one is drawn).", valueName: "dir"))
    var goldens: String?
    @OptionGroup var threadOptions: ThreadOptions

    func validate() throws {
        guard epochs >= 0 else { throw ValidationError("--epochs: expected 0 or more, got \(epochs).") }
    }

    func run() throws {
        let began = Date()
        try OutputPlace.check(out, for: .demo, inputs: [goldens])
        let demo = DemoSet()
        try StagedFolder.write(to: out, kind: .demo) { folder in
            let bar = DrawingProgress(total: demo.rows.count)
            defer { bar.clear() }
            try demo.write(to: folder) { bar.update($0) }
        }
        Terminal.note(
            "drew \(demo.rows.count) pictures and planted \(demo.faults.count) faults: \(out)/planted.csv".singleLine)
        let table = try LabelTable.read("\(out)/labels.csv")
        let data = try Dataset(table, folder: "\(out)/images", split: .byColumn(table))
        let config = RunConfig(
            arch: "resnet10s", head: .fastai, vocab: data.vocab, preprocessing: try .validation(size: 96),
            thresholds: Array(repeating: 0.5, count: data.vocab.count), fits: Fit.oneCycle(epochs: epochs, rate: 4e-3),
            batchSize: 32, minScale: 0.5, split: .column)
        let learner = try Learner(config, data, threads: threadOptions.count)
        let run = try RunFolder(
            new: "\(out)/run", data: RunData(labels: "\(out)/labels.csv", images: "\(out)/images", format: .init()))
        try TrainingProgress.run(learner, save: run.save)
        let (model, record) = try run.finish(learner, files: TrainingProgress.pictures(learner))
        var options = Analysis.Options()
        options.exclusive = MaskGoldens.exclusive.filter(record.labels.contains)
        let analysis = try Analysis.measure(record, options: options)
        try ReportFolder.write(
            record, analysis: analysis, to: "\(out)/report", imageFolder: "\(out)/images", history: learner.history)
        try Terminal.print("")
        try Terminal.print(Summary.validation(record, analysis))
        let told = record.perLabel.filter { !["Medical", "Surgical"].contains($0.label) }.compactMap(\.averagePrecision)
        let mean = told.isEmpty ? nil : told.reduce(0, +) / Double(told.count)
        try Terminal.print(
            "without Medical and Surgical, which are drawn alike: mean avg. prec. \(Summary.number(mean))")
        let outcome = try gateAndExport(model)
        let seconds = Int(Date().timeIntervalSince(began).rounded())
        try Terminal.print("")
        try Terminal.print("in \(seconds / 60) min \(seconds % 60) s. Open \(out)/report/index.html".singleLine)
        if outcome != .passed { throw ExitCode(outcome.exitCode) }
    }

    private func gateAndExport(_ model: Model) throws -> Verdict.Outcome {
        var folder = goldens ?? "Goldens/masks"
        if goldens == nil, !FileManager.default.fileExists(atPath: folder + "/" + GoldenSet.file) {
            folder = "\(out)/goldens"
            try StagedFolder.write(to: folder, kind: .goldens) { try MaskGoldens.write(to: $0) }
        }
        let result = try Gating.judge(model: model, goldens: folder, threads: threadOptions.count)
        try Gating.write(result, to: "\(out)/verdict")
        let verdict = result.judgement.verdict
        try Terminal.print("\n" + VerdictFiles.lines(verdict).joined(separator: "\n"))
        guard let pass = result.judgement.pass else {
            Terminal.note("not exported: the gate is \(verdict.outcome.rawValue)")
            return verdict.outcome
        }
        try BundleFolder.write(model, pass: pass, key: nil, to: "\(out)/bundle")
        try Terminal.print("bundle: \(out)/bundle".singleLine)
        return verdict.outcome
    }
}

/// The drawing's bar; pictures are drawn on several threads.
private final class DrawingProgress: @unchecked Sendable {
    // Sendable: `bar` is used under `lock` alone.
    private let lock = NSLock()
    private let bar: Progress

    init(total: Int) { bar = Progress("drawing", total: total) }

    func update(_ done: Int) {
        lock.lock()
        bar.update(done)
        lock.unlock()
    }

    /// Once all are drawn.
    func clear() { bar.clear() }
}
