import Evaluation
import Foundation
import Raster
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

    /// What a training had seen before its files were replaced is not forgotten, or a gate would judge it on that.
    @Test func imagesThatWereReplacedStayInTheList() throws {
        let (training, scratch) = (try SmallTraining(epochs: 2, freezeEpochs: 0), try Scratch())
        let run = scratch.path + "/run"
        let learner = try training.learner()
        let folder = try RunFolder(new: run, data: training.runData)
        try folder.start(learner)
        #expect(FileTree.kind(of: run + "/training_images.json") == nil)
        try learner.fit(save: folder.save, isStopped: { learner.position.epochs == 1 })
        let before = try learner.trainedOn()
        let (checkpoint, history) = try RunFolder.checkpoint(run)
        #expect(checkpoint.position.epochs == 1)
        let item = try training.data().split.training[0]
        let picture = try training.data().paths[item]
        try FileBytes.write(Image.read(path: picture).resized(width: 33, height: 31).pngBytes(), to: picture)
        let again = try Learner(resuming: checkpoint, training.data(), history: history, threads: 2)
        let resumed = RunFolder(resuming: run, data: training.runData)
        try again.fit(save: resumed.save)
        let model = try resumed.finish(again).model
        let list = try #require(Model(folder: run).trainedOn.digests)
        #expect(list == Set(before).union(try again.trainedOn()) && list.count == Set(before).count + 1)
        #expect(model.trainedOn.digests == list)
        #expect(try OutputManifest.objection(to: run, as: .run) == nil)
    }

    /// What the next `--resume` is to find does not depend on where that is called.
    @Test func dataThatMovedKeepAbsolutePaths() {
        let data = RunData(labels: "/a/l.csv", images: "/a/i", format: .init()).moved(labels: "b/l.csv", images: nil)
        let here = FileManager.default.currentDirectoryPath
        #expect(data.labels == here + "/b/l.csv" && data.images == "/a/i")
    }

    /// A save that was killed leaves a part; what is like one is a stranger's.
    @Test func resumingTakesAwayItsOwnPartsAlone() throws {
        let (training, scratch) = (try SmallTraining(epochs: 1, freezeEpochs: 0), try Scratch())
        let run = scratch.path + "/run"
        _ = try extended(training, run)
        let (own, others) = (
            run + "/.checkpoint.safetensors.1-2.part", [run + "/.notes.part", run + "/.movie.1-2.part"]
        )
        for file in [own] + others { try FileBytes.write("x", to: file) }
        _ = RunFolder(resuming: run, data: training.runData)
        #expect(FileTree.kind(of: own) == nil && others.allSatisfy { FileTree.kind(of: $0) == .file })
    }

    /// New thresholds leave everything else, strangers too, and the run goes on from its checkpoint.
    @Test func savedThresholdsKeepTheRest() throws {
        let (training, scratch) = (try SmallTraining(epochs: 1, freezeEpochs: 0), try Scratch())
        let run = scratch.path + "/run"
        _ = try extended(training, run)
        func files() throws -> [String: [UInt8]] {
            let names = try FileManager.default.contentsOfDirectory(atPath: run)
            return Dictionary(uniqueKeysWithValues: try names.map { ($0, try FileBytes.read("\(run)/\($0)")) })
        }
        let before = try files()
        try RunThresholds.save([0.1, 0.2, 0.3], labels: training.config.vocab, in: run)
        let after = try files()
        #expect(Set(before.keys) == Set(after.keys))
        #expect(before.keys.filter { before[$0] != after[$0] }.sorted() == ["assay.json", "config.json"])
        #expect(try Model(folder: run).config.thresholds == [0.1, 0.2, 0.3])
        #expect(try OutputManifest.objection(to: run, as: .run) == nil)
        #expect(try RunFolder.checkpoint(run).checkpoint.isFinished && scratch.names == ["run"])
    }

    /// A checkpoint's counts are numbers that a training can have.
    @Test func countsThatNoTrainingHasAreRefused() throws {
        let fits = Fit.oneCycle(epochs: 3, rate: 1e-3)
        var position = TrainingPosition()
        #expect(position.fits(fits))
        for change in [\TrainingPosition.steps, \.batch, \.epoch] {
            for count in [-1, Int.max] {
                var changed = position
                changed[keyPath: change] = count
                #expect(!changed.fits(fits))
            }
        }
        position.done = [4]
        #expect(!position.fits(fits))
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
