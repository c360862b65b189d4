import Evaluation
import Foundation
import Raster
import Testing
import Training

@Suite struct LearnerTests {
    private func learner(_ folder: String, _ table: LabelTable, threads: Int, epochs: Int = 2) throws -> Learner {
        let data = try Dataset(
            table, folder: folder, split: .random(count: table.rows.count, validationShare: 0.25, seed: 1))
        let config = RunConfig(
            arch: "resnet10s", head: .fastai, vocab: data.vocab, preprocessing: try .validation(size: 32),
            thresholds: [0.5, 0.5, 0.5], fits: Fit.fineTune(epochs: epochs, freezeEpochs: 1, rate: 3e-3), batchSize: 6)
        return try Learner(config, data, threads: threads)
    }

    @Test func checkpointsAreTheSameBytesAtAnyThreadCount() throws {
        let (folder, table) = try Pictures.make()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let checkpoints = try [1, 2, 5].map { threads in
            let learner = try learner(folder, table, threads: threads)
            try learner.fit()
            #expect(learner.history.count == 3)
            return try learner.checkpoint().bytes()
        }
        #expect(checkpoints[0] == checkpoints[1] && checkpoints[0] == checkpoints[2])
    }

    @Test func aFrozenFitMovesOnlyTheHeadAndTheNorms() throws {
        let (folder, table) = try Pictures.make()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let learner = try learner(folder, table, threads: 2, epochs: 0)
        let before = learner.parameters.stateDictionary()
        try learner.fit()
        for (name, tensor) in learner.parameters.stateDictionary() {
            let isNorm = before[name]?.shape.count == 1
            #expect((tensor == before[name]) == !(name.hasPrefix("head.") || isNorm), "\(name)")
        }
    }

    @Test func aRunReadsBackAndAnswersTheSame() throws {
        let (folder, table) = try Pictures.make()
        let run = folder + "-run"
        defer { for path in [folder, run] { try? FileManager.default.removeItem(atPath: path) } }
        let learner = try learner(folder, table, threads: 2)
        try learner.fit()
        let data = RunData(labels: folder, images: folder, format: .init())
        let (model, record) = try RunFolder(new: run, data: data).finish(learner)
        let read = try Model(folder: run)
        #expect(read.identity == model.identity && read.config == learner.config)
        #expect(read.trainedOn.digests?.count == 18)
        let names = record.images.map(\.name)
        let (scores, digests) = try read.score(
            paths: names.map { folder + "/" + $0 }, names: names, threads: 1, batchSize: 5)
        for (a, b) in zip(scores.values, record.images.flatMap(\.scores)) { #expect(abs(a - b) < 1e-5) }
        #expect(read.trainedOn.digests?.isDisjoint(with: digests) == true)
        #expect(
            try CSV(FileBytes.read(run + "/history.csv"), named: "h").header == [
                "epoch", "train_loss", "valid_loss", "accuracy_multi", "time",
            ])
        try FileBytes.write("{}", to: run + "/config.json")
        #expect(throws: InputError.self) { try Model(folder: run) }
    }

    @Test func missingImagesAreCounted() throws {
        let (folder, table) = try Pictures.make(4)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.removeItem(atPath: folder + "/picture 2.png")
        let error = #expect(throws: InputError.self) { try Dataset.locate(table.rows.map(\.name), in: folder) }
        #expect(error?.description.contains("1 of 4") == true && error?.description.contains("picture 2.png") == true)
    }
}
