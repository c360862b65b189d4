import Evaluation
import Foundation
import Testing
import Training

@Suite struct RunFolderTests {
    /// A finished run of one epoch in `folder`, and a learner that is to train a fit more.
    private func extended(_ training: SmallTraining, _ run: String) throws -> (Learner, RunFolder) {
        let learner = try training.learner()
        let folder = try RunFolder(new: run, data: training.runData)
        try folder.start(learner)
        try learner.fit(save: folder.save)
        _ = try folder.finish(learner)
        var (checkpoint, history) = try RunFolder.checkpoint(run)
        checkpoint.config.fits += Fit.oneCycle(epochs: 2, rate: 1e-3)
        let more = try Learner(resuming: checkpoint, training.data(), history: history, threads: 2)
        return (more, RunFolder(resuming: run, data: training.runData, addsFits: true))
    }

    /// Killed in its first epoch, an added fit is still to be done.
    @Test func anAddedFitIsThereBeforeItsFirstEpoch() throws {
        let (training, scratch) = (try SmallTraining(epochs: 1, freezeEpochs: 0), try Scratch())
        let run = scratch.path + "/run"
        let (learner, folder) = try extended(training, run)
        try folder.start(learner)
        let (checkpoint, history) = try RunFolder.checkpoint(run)
        #expect(!checkpoint.isFinished && checkpoint.config.fits == learner.config.fits && history.count == 1)
        let again = try Learner(resuming: checkpoint, training.data(), history: history, threads: 2)
        try again.fit()
        try learner.fit(save: folder.save)
        #expect(try again.checkpoint().bytes() == learner.checkpoint().bytes())
        _ = try folder.finish(learner)
        #expect(FileTree.kind(of: run + "/checkpoint.earlier.safetensors") == nil)
        #expect(try scratch.names == ["run"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: run).allSatisfy { !$0.hasSuffix(".part") })
    }

    @Test func aRunThatIsNotFinishedIsNoModel() throws {
        let (training, scratch) = (try SmallTraining(epochs: 1), try Scratch())
        let run = scratch.path + "/run"
        let folder = try RunFolder(new: run, data: training.runData)
        try folder.start(training.learner())
        let error = #expect(throws: InputError.self) { try Model(folder: run) }
        #expect(error?.description.contains("the run is not finished; expected assay train --resume") == true)
    }

    /// TensorBoard's times are of the day on which the training began, also where it went on later.
    @Test func eventsKeepTheTimeAtWhichTheTrainingBegan() throws {
        let (training, scratch) = (try SmallTraining(epochs: 1, freezeEpochs: 0), try Scratch())
        let run = scratch.path + "/run"
        func times() throws -> [Double] {
            // Records of one double behind a length, its checksum and a field's number.
            var (rest, found) = (try FileBytes.read("\(run)/\(EventFile.name)")[...], [Double]())
            while rest.count > 21 {
                found.append(Double(bitPattern: little(rest.dropFirst(13).prefix(8))))
                rest = rest.dropFirst(16 + Int(little(rest.prefix(8))))
            }
            return found
        }
        let before = Date().timeIntervalSince1970
        let (learner, folder) = try extended(training, run)
        let first = try times()
        #expect(first.count == 2 && first[0] >= before && first[1] < Date().timeIntervalSince1970 + 1)
        try folder.start(learner)
        try learner.fit(save: folder.save)
        _ = try folder.finish(learner)
        let later = try times()
        #expect(later.count == 4 && abs(later[0] - first[0]) < 1e-6 && abs(later[1] - first[1]) < 1e-3)
        #expect(later == later.sorted() && later[3] > later[1])
    }

    /// One that fails before that leaves the run as it was.
    @Test func anAddedFitThatFailsAtOnceIsTakenBack() throws {
        let (training, scratch) = (try SmallTraining(epochs: 1, freezeEpochs: 0), try Scratch())
        let run = scratch.path + "/run"
        let (learner, folder) = try extended(training, run)
        let names = try FileManager.default.contentsOfDirectory(atPath: run).sorted()
        let files = try names.map { try FileBytes.read(run + "/" + $0) }
        try folder.start(learner)
        #expect(try folder.abandon(learner))
        #expect(try FileManager.default.contentsOfDirectory(atPath: run).sorted() == names)
        #expect(try names.map { try FileBytes.read(run + "/" + $0) } == files)
        // Of a fit that has come further, what was done stays.
        let (second, kept) = (
            try Learner(
                resuming: learner.checkpoint(), training.data(), history: learner.history, threads: 2),
            RunFolder(resuming: run, data: training.runData, addsFits: true)
        )
        try kept.start(second)
        var epochs = 0
        try second.fit({ if case .epoch = $0 { epochs += 1 } }, save: kept.save, isStopped: { epochs > 0 })
        #expect(try !kept.abandon(second) && RunFolder.checkpoint(run).history.count == 2)
        // Stopped and resumed, it may still ruin the weights: then all of it goes, also from the history.
        var (checkpoint, history) = try RunFolder.checkpoint(run)
        checkpoint.config.fits[1].rates = [1e20, 1e20, 1e20]
        try checkpoint.write(to: run + "/" + Checkpoint.file)
        let ruined = try Learner(resuming: checkpoint, training.data(), history: history, threads: 2)
        let folderOfRuin = RunFolder(resuming: run, data: training.runData)
        try folderOfRuin.start(ruined)
        #expect(throws: InputError.self) { try ruined.fit(save: folderOfRuin.save) }
        #expect(try ruined.hasDiverged && folderOfRuin.abandon(ruined))
        (checkpoint, history) = try RunFolder.checkpoint(run)
        #expect(checkpoint.isFinished && history.count == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: run).sorted() == names)
        #expect(try FileBytes.read(run + "/history.csv") == files[try #require(names.firstIndex(of: "history.csv"))])
    }
}
