import Evaluation
import Foundation
import Training

/// A training of a second on pictures in a folder of its own, which goes with it.
final class SmallTraining {
    let folder: String
    let table: LabelTable
    var config: RunConfig

    init(epochs: Int = 2, freezeEpochs: Int = 1, head: RunHead = .fastai) throws {
        (folder, table) = try Pictures.make()
        config = RunConfig(
            arch: "resnet10s", head: head == .fastai ? .fastai : .linear, vocab: table.vocabulary,
            preprocessing: try .validation(size: 32), thresholds: [0.5, 0.5, 0.5],
            fits: Fit.fineTune(epochs: epochs, freezeEpochs: freezeEpochs, rate: 3e-3), batchSize: 6)
    }

    enum RunHead { case fastai, linear }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func data() throws -> Dataset {
        try Dataset(
            table, folder: folder, split: .random(count: table.rows.count, validationShare: 0.25, seed: 1))
    }

    /// Where the data are; no command of these tests reads the labels again.
    var runData: RunData { RunData(labels: folder, images: folder, format: .init()) }

    func learner(threads: Int = 2) throws -> Learner { try Learner(config, data(), threads: threads) }

    func learner(resuming bytes: [UInt8], _ history: [HistoryEntry], threads: Int = 2) throws -> Learner {
        try Learner(resuming: Checkpoint(bytes, named: "c"), data(), history: history, threads: threads)
    }
}
