import Evaluation
import Foundation
import ModelFiles
import Neural
import Raster
import Testing
import Training

@Suite struct CheckpointTests {
    /// Stops after each number of steps in turn, going on from the bytes alone, at another thread count each time.
    private func interrupted(_ training: SmallTraining, every steps: Int) throws -> (bytes: [UInt8], parts: Int) {
        var learner = try training.learner()
        var parts = 1
        while true {
            var left = steps
            let isFinished = try learner.fit(
                { if case .batch = $0 { left -= 1 } }, isStopped: { left <= 0 })
            if isFinished { return (try learner.checkpoint().bytes(), parts) }
            learner = try training.learner(
                resuming: learner.checkpoint().bytes(), learner.history, threads: 1 + parts % 3)
            parts += 1
        }
    }

    @Test(arguments: [false, true])
    func aTrainingThatStopsAnywhereEndsInTheSameBytes(_ restsNorms: Bool) throws {
        let training = try SmallTraining()
        training.config.freezesNorms = restsNorms
        training.config.augments = !restsNorms
        let whole = try training.learner()
        try whole.fit()
        let (bytes, parts) = try interrupted(training, every: 2)
        #expect(parts == 5)
        #expect(try bytes == whole.checkpoint().bytes())
    }

    @Test func theFileIsWrittenPieceByPieceAsItsBytes() throws {
        let training = try SmallTraining()
        let learner = try training.learner()
        try learner.fit()
        let path = training.folder + "/checkpoint"
        try learner.checkpoint().write(to: path)
        #expect(try FileBytes.read(path) == learner.checkpoint().bytes())
    }

    @Test func theHistoryOfAResumedTrainingIsWhole() throws {
        let training = try SmallTraining()
        let whole = try training.learner()
        var saved: [[UInt8]] = []
        try whole.fit(save: { saved.append(try $0.checkpoint().bytes()) })
        let resumed = try training.learner(resuming: saved[0], Array(whole.history.prefix(1)))
        try resumed.fit()
        func figures(_ learner: Learner) -> [[Double]] {
            learner.history.map { [Double($0.epoch), $0.trainLoss, $0.validLoss, $0.accuracyMulti] }
        }
        #expect(saved.count == 3 && figures(resumed) == figures(whole))
    }

    /// The optimiser's state after a fit that only goes on is what it would be in one that had it from the start.
    @Test func anAddedFitKeepsTheOptimiserAndFineTuningClearsIt() throws {
        let training = try SmallTraining(epochs: 1)
        training.config.fits = Fit.oneCycle(epochs: 1, rate: 3e-3)
        let learner = try training.learner()
        try learner.fit()
        func steps(adding fits: [Fit]) throws -> Float? {
            var checkpoint = learner.checkpoint()
            checkpoint.config.fits += fits
            let more = try Learner(resuming: checkpoint, training.data(), history: learner.history, threads: 2)
            try more.fit()
            return more.checkpoint().state["optimizer.conv1.weight.steps"]?.values[0]
        }
        #expect(try steps(adding: Fit.oneCycle(epochs: 1, rate: 1e-3)) == 6)
        #expect(try steps(adding: Fit.fineTune(epochs: 1, freezeEpochs: 1, rate: 1e-3)) == 3)
    }

    @Test func otherDataAreRefused() throws {
        let training = try SmallTraining(epochs: 0)
        let learner = try training.learner()
        var rows = Array(training.table.rows)
        rows[0].labels = ["red"]
        let other = try Dataset(
            LabelTable(rows: rows), folder: training.folder,
            split: .random(count: rows.count, validationShare: 0.25, seed: 1))
        #expect(throws: InputError.self) {
            try Learner(resuming: learner.checkpoint(), other, history: [], threads: 1)
        }
    }

    /// A picture that was replaced is told by its file's length; one that was moved is the same.
    @Test func otherPicturesAreNoticed() throws {
        let training = try SmallTraining(epochs: 0)
        let checkpoint = try Checkpoint(training.learner().checkpoint().bytes(), named: "c")
        #expect(try !checkpoint.hasOtherFiles(than: training.data()))
        let picture = training.folder + "/" + training.table.rows[3].name
        try FileManager.default.moveItem(atPath: picture, toPath: picture + ".old")
        try FileManager.default.copyItem(atPath: picture + ".old", toPath: picture)
        #expect(try !checkpoint.hasOtherFiles(than: training.data()))
        let image = try Image.read(path: picture)
        try FileBytes.write(image.resized(width: 32, height: 32).pngBytes(), to: picture)
        #expect(try checkpoint.hasOtherFiles(than: training.data()))
        // Earlier versions did not write it down.
        var metadata = try SafeTensors.read(checkpoint.bytes(), named: "c").metadata
        (metadata["lengths"], metadata["checksum"]) = (nil, nil)
        let earlier = try Checkpoint(SafeTensors.write(checkpoint.state, metadata: metadata), named: "c")
        #expect(try !earlier.hasOtherFiles(than: training.data()))
    }

    /// A disk's error in a weight, an average or a setting is not trained on.
    @Test func aFlippedBitIsFound() throws {
        let training = try SmallTraining(epochs: 1)
        let learner = try training.learner()
        try learner.fit()
        let bytes = try learner.checkpoint().bytes()
        _ = try Checkpoint(bytes, named: "c")
        for at in [bytes.count / 3, bytes.count * 2 / 3, bytes.count - 2] {
            var changed = bytes
            changed[at] ^= 1
            #expect(throws: InputError.self, "at \(at)") { try Checkpoint(changed, named: "c") }
        }
        var (tensors, metadata) = try SafeTensors.read(bytes, named: "c")
        metadata["data"]?.append("0")
        #expect(throws: InputError.self) { try Checkpoint(SafeTensors.write(tensors, metadata: metadata), named: "c") }
        metadata["checksum"] = nil
        #expect(try Checkpoint(SafeTensors.write(tensors, metadata: metadata), named: "c").isFinished)
    }

    @Test func hostileCheckpointsAreRefused() throws {
        let training = try SmallTraining(epochs: 1)
        let learner = try training.learner()
        try learner.fit()
        let bytes = try learner.checkpoint().bytes()
        let (tensors, metadata) = try SafeTensors.read(bytes, named: "c")
        for (key, value) in [
            ("position", #"{"batch":0,"epoch":0,"epochs":-1,"fit":-1,"smoothed":{"average":0,"count":0},"steps":0}"#),
            ("position", #"{"batch":0,"epoch":7,"epochs":9,"fit":1,"smoothed":{"average":0,"count":0},"steps":0}"#),
            ("position", #"{"batch":9,"epoch":0,"epochs":2,"fit":2,"smoothed":{"average":0,"count":0},"steps":0}"#),
            ("position", "[]"), ("config", "{}"), ("config", "null"),
        ] {
            var changed = metadata
            changed[key] = value
            changed["checksum"] = nil
            #expect(throws: (any Error).self, "\(key) \(value)") {
                try Checkpoint(SafeTensors.write(tensors, metadata: changed), named: "c")
            }
        }
        #expect(throws: InputError.self) { try Checkpoint(SafeTensors.write(tensors), named: "c") }
        for length in [0, 7, 100, bytes.count - 1] {
            #expect(throws: ModelFileError.self) { try Checkpoint(Array(bytes.prefix(length)), named: "c") }
        }
    }
}
