import Evaluation
import Foundation
import Report
import Training

/// Trains while printing what fastai prints: a row an epoch, a bar within it.
enum TrainingProgress {
    /// Whether the training came to its end.
    @discardableResult
    static func run(_ learner: Learner, quiet: Bool = false, save: (Learner) throws -> Void = { _ in }) throws -> Bool {
        var bar: Progress?
        func row(_ cells: [String]) throws {
            if !quiet { try Terminal.print(cells.map { $0.padded(15) }.joined()) }
        }
        func show(_ event: TrainingEvent) throws {
            switch event {
            case .fit(let fit):
                Terminal.note(fit.isFrozen ? "the body is frozen" : "all layers train")
                try row(["epoch", "train_loss", "valid_loss", "accuracy_multi", "time"])
            case .features(let done, let count):
                if bar == nil {
                    Terminal.note("nothing changes the body's answers: its features of each image are computed once")
                    bar = Progress("features", total: count)
                }
                bar?.update(done)
                if done == count {
                    bar?.clear()
                    bar = nil
                }
            case .batch(let epoch, let done, let count, let loss):
                if bar == nil { bar = Progress("epoch \(epoch)", total: count) }
                bar?.update(done, String(format: "loss %.4f", loss))
            case .epoch(let entry):
                bar?.clear()
                bar = nil
                let seconds = Int(entry.time.rounded())
                try row([
                    "\(entry.epoch)", String(format: "%.6f", entry.trainLoss), String(format: "%.6f", entry.validLoss),
                    String(format: "%.6f", entry.accuracyMulti),
                    String(format: "%02d:%02d", seconds / 60, seconds % 60),
                ])
            case .stoppedEarly(let best):
                Terminal.note("no lower valid_loss than epoch \(best)'s for a while: the fit ends early")
            }
        }
        return try learner.fit(show, save: save, isStopped: { StopSignal.number != nil })
    }

    /// A finished run's pictures, by file name.
    static func pictures(_ learner: Learner) throws -> [String: [UInt8]] {
        let rows = learner.history.map {
            HistoryRow(trainLoss: $0.trainLoss, validLoss: $0.validLoss, accuracyMulti: $0.accuracyMulti)
        }
        return ["learning_curve.png": try LearningCurve.png(rows)]
    }
}
