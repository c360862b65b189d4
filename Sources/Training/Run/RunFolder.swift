import Evaluation
import Foundation

/// One training's folder. While it trains, its checkpoint and history are replaced, each at once, after every epoch; the
/// rest appears when all is done.
public final class RunFolder {
    static let historyFile = "history.csv"

    private let path: String
    private let data: RunData
    /// Whether the folder on the disk is this training's, and whether it is of no use before an epoch is done.
    private var isOurs: Bool
    private var isFresh = false
    /// When the training began, in seconds since 1970.
    private let start: Double
    /// Whether fits are added to a finished run.
    private let addsFits: Bool

    /// The folder of a new training.
    /// - Parameters:
    ///   - inputs: what it reads beside its data.
    ///   - overwrites: whether an earlier run in its place may be replaced; one that had made no step always may.
    /// - Throws: `InputError` if the place is taken, or touches an input.
    public init(new path: String, data: RunData, inputs: [String?] = [], overwrites: Bool = false) throws {
        StagedFolder.removeStale(beside: path, kind: .run)
        try OutputPlace.check(path, for: .run, inputs: [data.labels, data.images] + inputs)
        if !overwrites { try Self.checkIsOfNoUse(path) }
        (self.path, self.data, isOurs, addsFits) = (path, data, false, false)
        start = Date().timeIntervalSince1970
    }

    /// Hours of training are not replaced by a command that is given twice.
    private static func checkIsOfNoUse(_ path: String) throws {
        guard try OutputManifest.kind(of: path) == .run else { return }
        let epochs: String
        if let (checkpoint, history) = try? checkpoint(path) {
            guard checkpoint.position.steps > 0 else { return }
            epochs = "a run of \(history.count) epoch\(history.count == 1 ? "" : "s")"
        } else {
            epochs = "another run"
        }
        throw InputError(
            "the output's place is taken", at: path,
            expected: "a new folder, --resume to go on with this run, or --overwrite to replace it", got: epochs)
    }

    /// The folder of a training that goes on.
    /// - Parameter addsFits: whether it had come to its end, and gets more to do.
    public init(resuming path: String, data: RunData, addsFits: Bool = false) {
        (self.path, self.data, isOurs, self.addsFits) = (path, data, true, addsFits)
        let events = try? FileBytes.read("\(path)/\(EventFile.name)")
        start = events.flatMap(EventFile.start) ?? Date().timeIntervalSince1970
        StagedFolder.removeStale(beside: path, kind: .run)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        for name in names where OutputKind.run.isPart(name) { unlink("\(path)/\(name)") }
    }

    /// A run's checkpoint, and the rows of its history that are done.
    public static func checkpoint(_ run: String) throws -> (checkpoint: Checkpoint, history: [HistoryEntry]) {
        let file = "\(run)/\(Checkpoint.file)"
        let checkpoint = try Checkpoint(FreeMemory.readWeights(file), named: file)
        let history = try HistoryEntry.read("\(run)/\(historyFile)", at: checkpoint.position)
        return (checkpoint, history)
    }

    /// Whether a model comes from a run of which no epoch is done: its weights are as they were before training.
    public static func isUntrained(_ model: String) throws -> Bool {
        let history = "\(model)/\(historyFile)"
        guard FileManager.default.fileExists(atPath: history) else { return false }
        return try FileBytes.read(history).split(separator: UInt8(ascii: "\n")).count <= 1
    }

    /// What is to be trained stands in the folder before the first step, so that a training that is killed can go on. An
    /// earlier run in its place stays until the first epoch is done.
    public func start(_ learner: Learner) throws {
        if addsFits { return try plan(learner) }
        guard !isOurs, !FileManager.default.fileExists(atPath: "\(path)/\(OutputManifest.file)") else { return }
        try save(learner)
        isFresh = true
    }

    /// Puts fits that were added into the checkpoint of a run that had done all of its own, which is kept beside it until
    /// they are done.
    private func plan(_ learner: Learner) throws {
        let checkpoint = "\(path)/\(Checkpoint.file)"
        unlink(earlier)
        try FileBytes.link(checkpoint, to: earlier)
        try learner.checkpoint().write(to: checkpoint)
    }

    private var earlier: String { "\(path)/\(Checkpoint.earlierFile)" }

    /// Puts the learner's state on the disk.
    public func save(_ learner: Learner) throws {
        if learner.position.epochs > 0 { isFresh = false }
        if isOurs { try write(learner, into: path) } else { try stage(learner) }
        try keepList(learner)
    }

    private func stage(_ learner: Learner) throws {
        try StagedFolder.write(to: path, kind: .run) { folder in
            try FileBytes.write(learner.config.text(), to: "\(folder)/\(Model.configFile)")
            try FileBytes.write(JSON.text(data) + "\n", to: "\(folder)/\(RunData.file)")
            try write(learner, into: folder)
        }
        isOurs = true
    }

    /// Writes down what a training is trained on once an epoch is done, for the files may be others when it goes on.
    private func keepList(_ learner: Learner) throws {
        let list = "\(path)/\(TrainingImagesFile.name)"
        guard learner.position.epochs > 0, FileTree.kind(of: list) == nil else { return }
        try FileBytes.write(TrainingImagesFile.text(Set(learner.trainedOn())), to: list)
    }

    /// The history first: it may run ahead of the checkpoint, never behind.
    private func write(_ learner: Learner, into folder: String) throws {
        try write(learner.history, into: folder)
        try learner.checkpoint().write(to: "\(folder)/\(Checkpoint.file)")
    }

    private func write(_ history: [HistoryEntry], into folder: String) throws {
        try FileBytes.write(HistoryEntry.csv(history), to: "\(folder)/\(Self.historyFile)")
        try FileBytes.write(EventFile.bytes(history, start: start), to: "\(folder)/\(EventFile.name)")
    }

    /// After a failure: takes away a folder from which nothing can go on, or fits that were added to a run and have not
    /// begun, or ruined its weights.
    /// - Returns: whether the run is again as it was before they were added.
    public func abandon(_ learner: Learner) throws -> Bool {
        if FileTree.kind(of: earlier) != nil {
            let before = try Checkpoint(FreeMemory.readWeights(earlier), named: earlier).position
            let now = try Self.checkpoint(path)
            guard learner.hasDiverged || now.checkpoint.position.steps == before.steps else { return false }
            let history = Array(now.history.prefix(before.epochs))
            guard rename(earlier, "\(path)/\(Checkpoint.file)") == 0 else { return false }
            if history != now.history { try write(history, into: path) }
            return true
        }
        if isOurs, isFresh, (try? OutputManifest.objection(to: path, as: .run)) == .some(nil) {
            try? FileManager.default.removeItem(atPath: path)
        }
        return false
    }

    /// Writes the whole run and returns its model and the record of its validation split.
    /// - Parameter files: what else belongs in the folder, by name.
    public func finish(_ learner: Learner, files: [String: [UInt8]] = [:]) throws -> (
        model: Model, record: EvaluationRecord
    ) {
        let weights = learner.weightBytes()
        let name = URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent
        let earlier = isOurs ? try TrainingImagesFile.read(run: path).digests : nil
        let trainedOn = Set(try learner.trainedOn()).union(earlier ?? [])
        let model = try Model(
            name: name, config: learner.config, weightBytes: weights, file: Model.weightsFile,
            trainedOn: .known(trainedOn, startedFrom: learner.config.pretrained))
        let record = try learner.validationRecord(model: model, title: name)
        try StagedFolder.write(to: path, kind: .run, keepsStrangers: isOurs) { folder in
            try FileBytes.write(learner.config.text(), to: "\(folder)/\(Model.configFile)")
            try FileBytes.write(JSON.text(data) + "\n", to: "\(folder)/\(RunData.file)")
            try FileBytes.write(weights, to: "\(folder)/\(Model.weightsFile)")
            try RecordFile.writePredictions(record, to: "\(folder)/predictions.csv")
            try RecordFile.write(record, to: "\(folder)/\(RecordFile.name)")
            try FileBytes.write(TrainingImagesFile.text(trainedOn), to: "\(folder)/\(TrainingImagesFile.name)")
            for (name, bytes) in files { try FileBytes.write(bytes, to: "\(folder)/\(name)") }
            try write(learner, into: folder)
        }
        return (model, record)
    }
}
