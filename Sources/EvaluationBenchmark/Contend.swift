import ArgumentParser
import Evaluation
import Foundation

/// Our own contender, which the comparison starts.
struct Contend: ParsableCommand {
    static let configuration = CommandConfiguration(shouldDisplay: false)

    @Argument var folder: String
    @Argument var threads: Int
    @Argument var kind: String
    /// The program whose evaluate is timed instead, with its report.
    @Option var assay: String?

    func run() throws {
        func file(_ name: String) -> String { "\(folder)/\(name)" }
        if let assay { return try report(by: assay, file) }
        var parts: [String: Double] = [:]
        var start = Date()
        func lap() -> Double {
            defer { start = Date() }
            return Date().timeIntervalSince(start)
        }
        let scores: ScoreTable
        if kind == "csv" {
            let bytes = try FileBytes.read(file("scores.csv"))
            start = Date()
            scores = try Predictions.parseTable(bytes, named: "scores.csv")
        } else {
            scores = try Predictions.readArray(file("scores.npy"), names: file("names.txt"), vocab: file("vocab.txt"))
        }
        let parsing = lap()
        let table = try LabelTable.read(file("labels.csv"))
        let input = try EvaluationInput(
            title: "benchmark", predictions: scores, from: "scores", labels: table, thresholds: [0.5],
            rules: MatchingRules()
        ) { _ in }
        parts["reading labels and matching"] = lap()
        let read = kind == "csv" ? parsing : parsing + (parts.removeValue(forKey: "reading labels and matching") ?? 0)
        parts = [:]
        let record = try input.measure(threads: threads)
        parts["figures and threshold curve"] = lap()
        let curves = LabelCurve.measure(record, threads: threads)
        parts["precision-recall and ROC curves"] = lap()
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let result = Contender(
            read: read, parts: parts, peakBytes: usage.ru_maxrss * 1024, figures: Self.figures(record, curves))
        print(String(decoding: try JSONEncoder().encode(result), as: UTF8.self))
    }

    /// Time and peak of the whole command, from the files to the finished folder.
    private func report(by assay: String, _ file: (String) -> String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: assay)
        process.arguments =
            ["evaluate", "--predictions", file("scores.npy"), "--names", file("names.txt")]
            + ["--vocab", file("vocab.txt"), "--labels", file("labels.csv"), "--out", file("report")]
            + ["--threads", "\(threads)"]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        let start = Date()
        try process.run()
        process.waitUntilExit()
        let seconds = Date().timeIntervalSince(start)
        guard process.terminationStatus == 0 else { throw BenchmarkError("\(assay) cannot evaluate") }
        try FileManager.default.removeItem(atPath: file("report"))
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_CHILDREN.rawValue), &usage)
        let result = Contender(
            read: 0, parts: ["report": seconds], peakBytes: usage.ru_maxrss * 1024, figures: [:])
        print(String(decoding: try JSONEncoder().encode(result), as: UTF8.self))
    }

    /// By the names that peers.py has.
    private static func figures(_ record: EvaluationRecord, _ curves: [LabelCurve]) -> [String: Double?] {
        let f = record.figures
        var figures: [String: Double?] = [
            "accuracy_multi": f.accuracyMulti, "exact_match": f.exactMatch, "hamming_loss": f.hammingLoss,
            "mean_average_precision": f.meanAveragePrecision, "macro_roc_auc": f.macroROCAUC,
            "matthews": f.matthews, "balanced_accuracy": f.balancedAccuracy, "coverage_error": f.coverageError,
            "label_ranking_average_precision": f.labelRankingAveragePrecision, "ranking_loss": f.rankingLoss,
            "loss": f.loss, "brier": f.brier, "ece": f.ece,
            "precision_recall_points": Double(curves.reduce(0) { $0 + $1.exactCount }),
        ]
        for (name, a) in [("micro", f.micro), ("macro", f.macro), ("weighted", f.weighted), ("samples", f.samples)] {
            figures["\(name) precision"] = a.precision
            figures["\(name) recall"] = a.recall
            figures["\(name) f1"] = a.f1
            figures["\(name) f2"] = a.f2
            figures["\(name) f0.5"] = a.fHalf
            figures["\(name) jaccard"] = a.jaccard
        }
        for (index, point) in record.thresholdCurve.enumerated() {
            figures["curve accuracy \(index)"] = point.accuracyMulti
            figures["curve macro f1 \(index)"] = point.macroF1
        }
        return figures
    }
}
