import Evaluation
import Foundation
import Report
import Training

/// The report folder: page, pictures, figures, record.
enum ReportFolder {
    static func write(_ record: EvaluationRecord, to path: String, imageFolder: String?) throws {
        try StagedFolder.write(to: path, marker: RecordFile.name) { folder in
            try contents(record, in: folder)
        }
    }

    static func contents(_ record: EvaluationRecord, in folder: String) throws {
        try FileBytes.write(MetricsFile.json(record), to: "\(folder)/metrics.json")
        try FileBytes.write(RecordFile.json(record), to: "\(folder)/\(RecordFile.name)")
        try FileBytes.write(Predictions.csv(record.scores()), to: "\(folder)/predictions.csv")
        try FileBytes.write(RecordFile.topLossesCSV(record), to: "\(folder)/top_losses.csv")
    }
}
