import Evaluation
import Foundation

/// One training's folder: written whole, then renamed into place.
public enum RunFolder {
    public static let marker = Model.configFile

    /// `history.csv`: epoch, train_loss, valid_loss, accuracy_multi, time (seconds).
    public static func historyCSV(_ history: [HistoryEntry]) -> String {
        history.enumerated().reduce(CSV.line(["epoch", "train_loss", "valid_loss", "accuracy_multi", "time"])) {
            text, row in
            let entry = row.element
            let time = (entry.time * 1000).rounded() / 1000
            return text
                + CSV.line([
                    "\(row.offset)", "\(entry.trainLoss)", "\(entry.validLoss)", "\(entry.accuracyMulti)", "\(time)",
                ])
        }
    }

    /// Writes the run and returns its model and the record of its validation split.
    public static func write(_ learner: Learner, to path: String) throws -> (model: Model, record: EvaluationRecord) {
        let weights = learner.weightBytes()
        let name = URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent
        let model = try Model(
            name: name, config: learner.config, weightBytes: weights, file: Model.weightsFile,
            trainedOn: Set(learner.trainedOn))
        let record = try learner.validationRecord(model: model, title: name)
        try StagedFolder.write(to: path, marker: marker) { folder in
            try FileBytes.write(learner.config.text(), to: "\(folder)/\(Model.configFile)")
            try FileBytes.write(historyCSV(learner.history), to: "\(folder)/history.csv")
            try FileBytes.write(weights, to: "\(folder)/\(Model.weightsFile)")
            try FileBytes.write(learner.checkpointBytes(), to: "\(folder)/checkpoint.safetensors")
            try FileBytes.write(Predictions.csv(record.scores()), to: "\(folder)/predictions.csv")
            try FileBytes.write(RecordFile.json(record), to: "\(folder)/\(RecordFile.name)")
            try FileBytes.write(JSON.text(learner.trainedOn) + "\n", to: "\(folder)/\(Model.trainedOnFile)")
        }
        return (model, record)
    }
}
