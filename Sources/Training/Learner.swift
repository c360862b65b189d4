import Evaluation
import Foundation
import ModelFiles
import Neural

/// What happens while training, for whoever shows it.
public enum TrainingEvent: Sendable {
    case fit(Fit)
    case batch(epoch: Int, done: Int, of: Int, trainLoss: Double)
    case epoch(HistoryEntry)
}

/// Fits a network to a data set: epochs of batches of (predict, loss, backward, step), then a validation pass.
public final class Learner {
    public let config: RunConfig
    public let data: Dataset
    public let graph: Graph
    public let parameters: Parameters
    public private(set) var history: [HistoryEntry] = []
    public private(set) var position = TrainingPosition()
    /// Seconds spent waiting for images, and in all.
    public private(set) var waitedSeconds = 0.0
    public private(set) var trainedSeconds = 0.0
    let optimiser: Adam
    let images: ImagePipeline
    let workers: Workers
    private let dataDigest: String

    /// A training from fresh weights, or from `pretrained` where a tensor fits by name and shape.
    /// - Throws: `InputError` if there are fewer training images than a batch, or not enough memory; `GraphError` if sizes
    ///   do not fit.
    public init(_ config: RunConfig, _ data: Dataset, threads: Int, pretrained: StateDictionary? = nil) throws {
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
        let memory = TrainingMemory(graph, size: config.preprocessing.size, threads: workers.count)
        let store = ImageStore(budgetBytes: try memory.imageBudget(batchSize: config.batchSize), takesDigests: true)
        images = ImagePipeline(data: data, config: config, store: store, threads: workers.count)
        parameters = Parameters(graph)
        parameters.initialise(seed: config.seed)
        for (name, tensor) in pretrained ?? [:] where parameters.layout.entry(name)?.shape == tensor.shape {
            try parameters.set(name, tensor)
        }
        optimiser = Adam(parameters)
    }

    /// A training that goes on from a checkpoint as if it had never stopped.
    /// - Parameter history: the rows of the epochs that are done.
    /// - Throws: `InputError` if the data are not those of the checkpoint; `GraphError` if its tensors do not fit.
    public convenience init(
        resuming checkpoint: Checkpoint, _ data: Dataset, history: [HistoryEntry], threads: Int
    ) throws {
        try self.init(checkpoint.config, data, threads: threads)
        guard checkpoint.data == dataDigest, checkpoint.config.batchSize == config.batchSize else {
            throw InputError(
                "the data have changed since the checkpoint", expected: "the same images, labels and split",
                got: "\(data.split.training.count) to train and \(data.split.validation.count) to validate")
        }
        try parameters.load(checkpoint.state)
        try optimiser.load(checkpoint.state)
        position = checkpoint.position
        self.history = history
    }

    /// Runs every fit of the configuration that is not done yet.
    ///
    /// - Parameters:
    ///   - save: called after each epoch, and where `isStopped` ended the training, for a checkpoint.
    ///   - isStopped: asked after each step; at true the training ends there.
    /// - Returns: whether every fit is done.
    /// - Throws: `InputError` with the step where the loss stopped being finite; errors of unreadable images.
    @discardableResult
    public func fit(
        _ report: (TrainingEvent) throws -> Void = { _ in }, save: (Learner) throws -> Void = { _ in },
        isStopped: () -> Bool = { false }
    ) throws -> Bool {
        while position.fit < config.fits.count {
            let fit = config.fits[position.fit]
            try report(.fit(fit))
            if fit.resetsOptimiser, position.epoch == 0, position.batch == 0 { optimiser.clear() }
            let network = try FitNetwork(fit, graph, parameters, images, workers)
            let fits = position.fit
            while position.fit == fits {
                let began = Date()
                guard try trainEpoch(fit, network, report, isStopped) else {
                    try save(self)
                    return false
                }
                let (validLoss, accuracy) = try validate(network.validationLogits())
                trainedSeconds += Date().timeIntervalSince(began)
                let entry = HistoryEntry(
                    epoch: position.epoch, trainLoss: position.smoothed.value, validLoss: validLoss,
                    accuracyMulti: accuracy, time: Date().timeIntervalSince(began))
                history.append(entry)
                position.finishEpoch(of: fit)
                try report(.epoch(entry))
                try save(self)
            }
        }
        return true
    }

    /// What is left of an epoch's steps; false if it was stopped.
    private func trainEpoch(
        _ fit: Fit, _ network: FitNetwork, _ report: (TrainingEvent) throws -> Void, _ isStopped: () -> Bool
    ) throws -> Bool {
        let batches = Loader.trainingBatches(
            data.split.training, batchSize: config.batchSize, seed: config.seed, epoch: position.epochs)
        let source = network.source(epoch: position.epochs, batches: Array(batches.dropFirst(position.batch)))
        defer { waitedSeconds += source.waitedSeconds }
        while !isStopped() {
            guard let batch = try source.next() else { return true }
            let at = (Double(position.epoch) + Double(position.batch) / Double(batches.count)) / Double(fit.epochs)
            try step(batch, network.plan, fit, at: at)
            try report(
                .batch(
                    epoch: position.epoch, done: position.batch, of: batches.count,
                    trainLoss: position.smoothed.value))
        }
        return false
    }

    /// One step of the optimiser, at a place 0...1 of the fit.
    private func step(_ batch: Batch, _ plan: TrainingPlan, _ fit: Fit, at place: Double) throws {
        let targets = batch.items.flatMap(data.oneHot)
        let seed = config.seed &+ UInt64(position.steps) &* 0x9E37_79B9
        let logits = plan.forward(batch.inputs, randomSeed: seed)
        let loss = BinaryCrossEntropy.loss(logits: logits, targets: targets)
        guard loss.isFinite else {
            throw InputError(
                "the loss is no longer finite", at: "step \(position.steps + 1)",
                expected: "a finite loss; try a lower --lr", got: "\(loss)")
        }
        position.smoothed.add(loss)
        plan.backward(BinaryCrossEntropy.gradient(logits: logits, targets: targets))
        optimiser.step(momentum: Float(fit.momentum(at: place)), workers: workers) { entry in
            guard FitNetwork.trains(entry.name, in: fit, config, parameters.layout) else { return nil }
            return Float(fit.rate(group: ResNet.group(ofParameter: entry.name), at: place))
        }
        position.steps += 1
        position.batch += 1
    }

    /// Mean loss and accuracy_multi of the validation images' logits.
    private func validate(_ logits: [Float]) -> (loss: Double, accuracy: Double) {
        let targets = data.split.validation.flatMap(data.oneHot)
        let width = data.vocab.count
        let right = logits.indices.count { index in
            (logistic(Double(logits[index])) > config.thresholds[index % width]) == (targets[index] == 1)
        }
        return (BinaryCrossEntropy.loss(logits: logits, targets: targets), Double(right) / Double(max(1, logits.count)))
    }

    /// Weights, optimiser and position, so that training can go on.
    public func checkpoint() -> Checkpoint {
        Checkpoint(
            config: config, position: position, data: dataDigest,
            state: parameters.stateDictionary().merging(optimiser.stateDictionary()) { first, _ in first })
    }

    /// The network's weights as the bytes of `model.safetensors`.
    public func weightBytes() -> [UInt8] { SafeTensors.write(parameters.stateDictionary()) }
}
