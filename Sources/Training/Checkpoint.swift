import Evaluation
import ModelFiles
import Neural

/// How far a training has come: everything but the numbers in its tensors.
public struct TrainingPosition: Codable, Sendable, Equatable {
    /// Index of the fit under way; the number of fits when all are done.
    public var fit = 0
    /// Epochs done in that fit.
    public var epoch = 0
    /// Batches done in that epoch.
    public var batch = 0
    /// Steps and epochs over all fits: the streams of dropout, order and augmentation.
    public var steps = 0
    public var epochs = 0
    /// Training loss of that fit.
    var smoothed = SmoothedLoss()

    /// After an epoch's validation.
    mutating func finishEpoch(of fit: Fit) {
        epochs += 1
        epoch += 1
        batch = 0
        guard epoch == fit.epochs else { return }
        self.fit += 1
        epoch = 0
        smoothed = SmoothedLoss()
    }
}

/// `checkpoint.safetensors`: weights, running statistics, optimiser, settings and position. It alone decides how a training
/// goes on, and holds neither a time nor a path, so equal trainings write equal bytes.
public struct Checkpoint: Sendable {
    public static let file = "checkpoint.safetensors"

    /// With the fits that were still to come.
    public var config: RunConfig
    public let position: TrainingPosition
    /// `Dataset.digest` of what it was trained on.
    public let data: String
    public let state: StateDictionary

    /// Whether every epoch of every fit is done.
    public var isFinished: Bool { position.fit == config.fits.count }

    /// The file.
    public func bytes() throws -> [UInt8] {
        SafeTensors.write(
            state,
            metadata: [
                "config": try JSON.text(config, compact: true), "position": try JSON.text(position, compact: true),
                "data": data,
            ])
    }

    init(config: RunConfig, position: TrainingPosition, data: String, state: StateDictionary) {
        self.config = config
        self.position = position
        self.data = data
        self.state = state
    }

    /// - Throws: `InputError` or `ModelFileError` if it is no checkpoint or contradicts itself.
    public init(_ bytes: [UInt8], named file: String) throws {
        let (state, metadata) = try SafeTensors.read(bytes, named: file)
        guard let config = metadata["config"], let position = metadata["position"], let data = metadata["data"],
            let position = try? JSON.decode(TrainingPosition.self, from: Array(position.utf8))
        else {
            throw InputError(
                "is no checkpoint", at: file, expected: "a checkpoint.safetensors of assay train", got: "other tensors")
        }
        self.init(
            config: try RunConfig.parse(Array(config.utf8), named: file), position: position, data: data, state: state)
        let fits = self.config.fits
        let (fit, epoch) = (position.fit, position.epoch)
        guard fit >= 0, fit <= fits.count, epoch >= 0, epoch < (fit < fits.count ? fits[fit].epochs : 1),
            position.batch >= 0, position.steps >= position.batch,
            position.epochs == fits[..<fit].reduce(0, { $0 + $1.epochs }) + epoch
        else {
            throw InputError(
                "the checkpoint contradicts itself", at: file, expected: "a position inside its fits",
                got: "fit \(fit), epoch \(epoch)")
        }
    }
}
