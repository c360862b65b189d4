import Evaluation
import Foundation
import Report
import Training

/// The report folder: page, pictures, figures, record.
enum ReportFolder {
    enum Form { case figures, pages, pagesAndSingleFile }

    static func write(
        _ record: EvaluationRecord, analysis: Analysis?, to path: String, imageFolder: String?,
        history: [HistoryEntry] = [],
        topLossCount: Int = HTMLReport.topLossCount, form: Form = .pages, extra: [(path: String, bytes: [UInt8])] = []
    ) throws {
        try StagedFolder.write(to: path, kind: .report) { folder in
            try contents(
                record, analysis: analysis, in: folder, imageFolder: imageFolder, history: history,
                topLossCount: topLossCount, form: form, links: links(to: extra.map(\.path)))
            for file in extra {
                let place = URL(fileURLWithPath: "\(folder)/\(file.path)").deletingLastPathComponent()
                try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
                try FileBytes.write(file.bytes, to: "\(folder)/\(file.path)")
            }
        }
    }

    private static func links(to paths: [String]) -> [PageLink] {
        [("slices.html", "Slices"), ("sweep.html", "Sweeps")].filter { paths.contains($0.0) }.map {
            PageLink(path: $0.0, text: $0.1)
        }
    }

    static func contents(
        _ record: EvaluationRecord, analysis: Analysis?, in folder: String, imageFolder: String?,
        history: [HistoryEntry] = [],
        verdict: Verdict? = nil, topLossCount: Int = HTMLReport.topLossCount, form: Form = .pages,
        links: [PageLink] = []
    ) throws {
        if form != .figures {
            let rows = history.map {
                HistoryRow(trainLoss: $0.trainLoss, validLoss: $0.validLoss, accuracyMulti: $0.accuracyMulti)
            }
            try FileManager.default.createDirectory(atPath: folder + "/img", withIntermediateDirectories: true)
            let files = try HTMLReport.files(
                record: record, analysis: analysis, history: rows, verdict: verdict, imageFolder: imageFolder,
                topLossCount: topLossCount, links: links)
            for file in files { try FileBytes.write(file.bytes, to: "\(folder)/\(file.path)") }
            if form == .pagesAndSingleFile {
                try FileBytes.write(HTMLReport.singleFile(files), to: "\(folder)/report.html")
            }
        }
        for file in try analysis?.files() ?? [] { try FileBytes.write(file.text, to: "\(folder)/\(file.path)") }
        try FileBytes.write(MetricsFile.json(record, analysis: analysis), to: "\(folder)/metrics.json")
        try RecordFile.write(record, to: "\(folder)/\(RecordFile.name)")
        try RecordFile.writePredictions(record, to: "\(folder)/predictions.csv")
        try RecordFile.writeTopLosses(record, to: "\(folder)/top_losses.csv")
        try FileBytes.write(record.confusion.csv, to: "\(folder)/\(ConfusionMatrix.file)")
    }
}
