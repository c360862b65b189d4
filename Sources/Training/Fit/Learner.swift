import Evaluation
import Foundation
import ModelFiles
import Neural

/// What happens while training, for whoever shows it.
public enum TrainingEvent: Sendable {
    case fit(Fit)
    /// Of a body whose images never change, features are computed once.
    case features(done: Int, of: Int)
    case batch(epoch: Int, done: Int, of: Int, trainLoss: Double)
    case epoch(HistoryEntry)
    /// A fit ended before its last epoch, for want of patience.
    case stoppedEarly(bestEpoch: Int)
}

/// Fits a network to a data set: epochs of batches of (predict, loss, backward, step), then a validation pass.
public final class Learner {
    public let config: RunConfig
    public let data: Dataset
    public let graph: Graph
    /// What the steps move.
    public let parameters: Parameters
    public private(set) var history: [HistoryEntry] = []
    public internal(set) var position = TrainingPosition()
    /// Whether a step has ruined the weights.
    public internal(set) var hasDiverged = false
    /// Seconds spent waiting for images, and in all.
    public private(set) var waitedSeconds = 0.0
    public private(set) var trainedSeconds = 0.0
    /// The images that are kept decoded.
    public let kept: KeptImages
    let optimiser: Adam
    let average: WeightAverage?
    let gradientAverage: GradientAverage?
    /// The network's tensors after the best epoch of the fit under way.
    var best: StateDictionary?
    let images: ImagePipeline
    let workers: Workers
    let dataDigest: String

    /// What answers: the weights' average where one is kept.
    public var answering: Parameters { average?.parameters ?? parameters }

    /// A training from fresh weights, or from `pretrained` where a tensor fits by name and shape.
    /// - Parameter imageMemory: what decoded images may take; it changes no result.
    /// - Throws: `InputError` if there are fewer training images than a batch, or not enough memory; `GraphError` if sizes
    ///   do not fit.
    public init(
        _ config: RunConfig, _ data: Dataset, threads: Int, pretrained: StateDictionary? = nil,
        imageMemory: ImageMemory = .automatic
    ) throws {
        var config = config
        // fastai drops the last partial batch; with fewer images than a batch that would be all of them.
        config.batchSize = max(1, min(config.batchSize, data.split.training.count))
        guard config.batchSize > 1 else {
            throw InputError(
                "batch norm needs more than one image a batch", expected: "a batch size of 2 or more",
                got: "\(config.batchSize)")
        }
        self.config = config
        self.data = data
        dataDigest = data.digest
        workers = Workers(count: max(1, threads))
        graph = try config.graph()
        let memory = TrainingMemory(graph, size: config.preprocessing.size, threads: workers.count, config.recipe)
        let budget = try memory.imageBudget(
            batchSize: config.batchSize, imageMemory, wanted: KeptImages.bytes(config, data))
        kept = KeptImages(config, data, budget: budget)
        images = ImagePipeline(
            data: data, config: config, store: ImageStore(keeping: kept, takesDigests: true), threads: workers.count)
        parameters = try Parameters(graph)
        parameters.initialise(seed: config.seed)
        for (name, tensor) in pretrained ?? [:] where parameters.layout.entry(name)?.shape == tensor.shape {
            try parameters.set(name, tensor)
        }
        var options = Adam.Options()
        options.weightDecay = Float(config.recipe.weightDecay)
        optimiser = try Adam(parameters, options: options)
        average = try config.recipe.averageDecay.map { [graph, parameters, workers] in
            try WeightAverage(graph, of: parameters, decay: $0, workers: workers)
        }
        gradientAverage = config.recipe.accumulation > 1 ? try GradientAverage(parameters, workers: workers) : nil
    }

    /// A training that goes on from a checkpoint as if it had never stopped.
    /// - Parameter history: the rows of the epochs that are done.
    /// - Throws: `InputError` if the data are not those of the checkpoint; `GraphError` if its tensors do not fit.
    public convenience init(
        resuming checkpoint: Checkpoint, _ data: Dataset, history: [HistoryEntry], threads: Int,
        imageMemory: ImageMemory = .automatic
    ) throws {
        try self.init(checkpoint.config, data, threads: threads, imageMemory: imageMemory)
        guard checkpoint.data == dataDigest, checkpoint.config.batchSize == config.batchSize else {
            throw InputError(
                "the data have changed since the checkpoint", expected: "the same images, labels and split",
                got: "\(data.split.training.count) to train and \(data.split.validation.count) to validate")
        }
        try restore(checkpoint)
        self.history = history
    }

    /// Runs every fit of the configuration that is not done yet.
    ///
    /// - Parameters:
    ///   - save: called after each epoch, and where `isStopped` ended the training, for a checkpoint.
    ///   - isStopped: asked before each batch; at true the training ends after the step.
    /// - Returns: whether every fit is done.
    /// - Throws: `InputError` with the step where the loss or the weights stopped being finite; errors of unreadable images.
    @discardableResult
    public func fit(
        _ report: (TrainingEvent) throws -> Void = { _ in }, save: (Learner) throws -> Void = { _ in },
        isStopped: () -> Bool = { false }
    ) throws -> Bool {
        while position.fit < config.fits.count {
            let fit = config.fits[position.fit]
            try report(.fit(fit))
            if fit.resetsOptimiser, position.epoch == 0, position.batch == 0 { optimiser.clear() }
            // What is computed once is part of the first epoch's time.
            var began = Date()
            let network = try FitNetwork(
                fit, graph, parameters, images, workers, report: { try report(.features(done: $0, of: $1)) },
                isStopped: isStopped)
            guard let network else {
                try save(self)
                return false
            }
            let index = position.fit
            while position.fit == index {
                let isWhole = try trainEpoch(fit, network, report, isStopped)
                // The loss of a step tells of those before it, not of the last.
                guard parameters.areFinite else { try diverge("the weights are", at: position.steps) }
                guard isWhole else {
                    try save(self)
                    return false
                }
                try finishEpoch(network.validationLogits(of: answering), began, report)
                if position.isEnd(of: fit, patience: config.recipe.patience) { try finishFit(fit, report) }
                try save(self)
                began = Date()
            }
        }
        return true
    }

    private func finishEpoch(
        _ logits: [Float], _ began: Date, _ report: (TrainingEvent) throws -> Void
    ) throws {
        let (validLoss, accuracy) = validate(logits)
        guard validLoss.isFinite else { try diverge("the validation loss is", at: position.steps, validLoss) }
        let seconds = Date().timeIntervalSince(began)
        trainedSeconds += seconds
        let entry = HistoryEntry(
            epoch: position.epoch, trainLoss: position.smoothed.value, validLoss: validLoss,
            accuracyMulti: accuracy, time: seconds)
        history.append(entry)
        if position.finishEpoch(loss: validLoss), config.recipe.keepsBest { best = answering.stateDictionary() }
        try report(.epoch(entry))
    }

    private func finishFit(_ fit: Fit, _ report: (TrainingEvent) throws -> Void) throws {
        if position.epoch < fit.epochs { try report(.stoppedEarly(bestEpoch: position.best?.epoch ?? 0)) }
        if let best {
            try parameters.load(best)
            average?.copy()
        }
        best = nil
        position.finishFit()
    }

    /// What is left of an epoch's steps; false if it was stopped.
    private func trainEpoch(
        _ fit: Fit, _ network: FitNetwork, _ report: (TrainingEvent) throws -> Void, _ isStopped: () -> Bool
    ) throws -> Bool {
        let batches = Loader.trainingBatches(
            data.split.training, batchSize: config.batchSize, seed: config.seed, epoch: position.epochs)
        let source = network.source(epoch: position.epochs, batches: batches, from: position.batch)
        defer { waitedSeconds += source.waitedSeconds }
        let group = config.recipe.accumulation
        // Between the batches of one step there is no place to go on from.
        while !(position.batch % group == 0 && isStopped()) {
            guard let batch = try source.next() else { return true }
            let place = (Double(position.epoch) + Double(position.batch) / Double(batches.count)) / Double(fit.epochs)
            try learn(batch, network.plan)
            if position.batch % group == 0 || position.batch == batches.count { step(fit, at: place) }
            try report(
                .batch(
                    epoch: position.epoch, done: position.batch, of: batches.count,
                    trainLoss: position.smoothed.value))
        }
        return false
    }

    /// Mean loss and accuracy_multi of the validation images' logits.
    private func validate(_ logits: [Float]) -> (loss: Double, accuracy: Double) {
        let targets = data.split.validation.flatMap(data.oneHot)
        let width = data.vocab.count
        let right = logits.indices.count { index in
            (logistic(Double(logits[index])) > config.thresholds[index % width]) == (targets[index] == 1)
        }
        return (
            config.recipe.loss.loss(logits: logits, targets: targets), Double(right) / Double(max(1, logits.count))
        )
    }
}
