import Evaluation

/// One row of `history.csv`.
public struct HistoryEntry: Codable, Sendable, Equatable {
    /// Of its fit, from 0, as fastai prints it.
    public var epoch: Int
    public var trainLoss: Double
    public var validLoss: Double
    public var accuracyMulti: Double
    /// Wall time, in seconds; of the last part where the epoch was interrupted.
    public var time: Double

    public init(epoch: Int, trainLoss: Double, validLoss: Double, accuracyMulti: Double, time: Double) {
        (self.epoch, self.trainLoss, self.validLoss) = (epoch, trainLoss, validLoss)
        (self.accuracyMulti, self.time) = (accuracyMulti, time)
    }

    static let columns = ["epoch", "train_loss", "valid_loss", "accuracy_multi", "time"]

    /// `history.csv`: a row an epoch, numbered over all fits; time in seconds.
    public static func csv(_ history: [HistoryEntry]) -> String {
        history.enumerated().reduce(into: CSV.line(columns)) { text, row in
            let entry = row.element
            let time = (entry.time * 1000).rounded() / 1000
            text += CSV.line([
                "\(row.offset)", "\(entry.trainLoss)", "\(entry.validLoss)", "\(entry.accuracyMulti)", "\(time)",
            ])
        }
    }

    /// The rows of a `history.csv` up to a checkpoint's position.
    /// - Throws: `InputError` if it has fewer, or others.
    static func read(_ path: String, at position: TrainingPosition) throws -> [HistoryEntry] {
        let csv = try CSV(FileBytes.read(path), named: path)
        guard csv.header == columns, csv.rows.count >= position.epochs else {
            throw InputError(
                "the history does not reach the checkpoint", at: path, expected: "\(position.epochs) epochs",
                got: "\(csv.rows.count)")
        }
        let epochs = (position.done + [position.epoch]).flatMap { Array(0..<$0) }
        return try epochs.indices.map { row in
            let values = csv.rows[row].dropFirst().compactMap(Double.init)
            guard values.count == 4 else {
                throw InputError(
                    "the history is no history", at: "\(path):\(csv.lines[row])", expected: "5 numbers",
                    got: "\(values.count + 1)")
            }
            return HistoryEntry(
                epoch: epochs[row], trainLoss: values[0], validLoss: values[1], accuracyMulti: values[2],
                time: values[3])
        }
    }
}
