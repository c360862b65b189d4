import Evaluation
import Foundation
import ModelFiles
import Neural
import Raster

/// What happens while training, for whoever shows it.
public enum TrainingEvent: Sendable {
    case fit(Fit)
    case batch(epoch: Int, done: Int, of: Int, trainLoss: Double)
    case epoch(HistoryEntry)
}

/// One row of `history.csv`.
public struct HistoryEntry: Codable, Sendable, Equatable {
    public var epoch: Int
    public var trainLoss: Double
    public var validLoss: Double
    public var accuracyMulti: Double
    /// Wall time, in seconds.
    public var time: Double
}

/// Fits a network to a data set: epochs of batches of (predict, loss, backward, step), then a validation pass.
public final class Learner {
    public let config: RunConfig
    public let data: Dataset
    public let graph: Graph
    public let parameters: Parameters
    public private(set) var history: [HistoryEntry] = []
    /// Seconds spent waiting for images, and in all.
    public private(set) var waitedSeconds = 0.0
    public private(set) var trainedSeconds = 0.0
    let optimiser: Adam
    let store: ImageStore
    private let workers: Workers
    private let threads: Int
    /// Steps over all fits: the stream of the dropout masks.
    private var stepCount = 0
    private var epochCount = 0

    /// - Throws: `InputError` if there are fewer training images than a batch, `GraphError` if sizes do not fit.
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
        self.threads = max(1, threads)
        workers = Workers(count: threads)
        graph = try config.graph()
        parameters = Parameters(graph)
        parameters.initialise(seed: config.seed)
        for (name, tensor) in pretrained ?? [:] where parameters.layout.entry(name)?.shape == tensor.shape {
            try parameters.set(name, tensor)
        }
        optimiser = Adam(parameters)
        store = ImageStore(budgetBytes: 2 << 30, takesDigests: true)
    }

    /// Runs every fit of the configuration.
    /// - Throws: `InputError` with the step where the loss stopped being finite; errors of unreadable images.
    public func fit(_ report: (TrainingEvent) -> Void = { _ in }) throws {
        let edge = config.preprocessing.size
        let shape = MapShape(images: config.batchSize, height: edge, width: edge, channels: 3)
        let plan = try TrainingPlan(graph, parameters, input: shape, workers: workers)
        for fit in config.fits {
            report(.fit(fit))
            plan.setTrains { self.isTrained($0, in: fit) }
            var smooth = SmoothedLoss()
            for epoch in 0..<fit.epochs {
                let began = Date()
                try trainEpoch(fit, epoch, plan, &smooth, report)
                let (validLoss, accuracy) = try validate()
                trainedSeconds += Date().timeIntervalSince(began)
                let entry = HistoryEntry(
                    epoch: epoch, trainLoss: smooth.value, validLoss: validLoss, accuracyMulti: accuracy,
                    time: Date().timeIntervalSince(began))
                history.append(entry)
                epochCount += 1
                report(.epoch(entry))
            }
        }
    }

    private func isTrained(_ name: String, in fit: Fit) -> Bool {
        !fit.isFrozen || ResNet.group(ofParameter: name) == 2 || parameters.layout.entry(name)?.isNorm == true
    }

    private func trainEpoch(
        _ fit: Fit, _ epoch: Int, _ plan: TrainingPlan, _ smooth: inout SmoothedLoss, _ report: (TrainingEvent) -> Void
    ) throws {
        let loader = trainingLoader(epoch: epochCount)
        let count = data.split.training.count / config.batchSize
        var done = 0
        while let batch = try loader.next() {
            let position = (Double(epoch) + Double(done) / Double(count)) / Double(fit.epochs)
            let targets = batch.items.flatMap(data.oneHot)
            let logits = plan.forward(batch.images, randomSeed: config.seed &+ UInt64(stepCount) &* 0x9E37_79B9)
            let loss = BinaryCrossEntropy.loss(logits: logits, targets: targets)
            guard loss.isFinite else {
                throw InputError(
                    "the loss is no longer finite", at: "step \(stepCount + 1)",
                    expected: "a finite loss; try a lower --lr",
                    got: "\(loss)")
            }
            smooth.add(loss)
            plan.backward(BinaryCrossEntropy.gradient(logits: logits, targets: targets))
            optimiser.step(momentum: Float(fit.momentum(at: position)), workers: workers) { entry in
                guard isTrained(entry.name, in: fit) else { return nil }
                return Float(fit.rate(group: ResNet.group(ofParameter: entry.name), at: position))
            }
            stepCount += 1
            done += 1
            report(.batch(epoch: epoch, done: done, of: count, trainLoss: smooth.value))
        }
        waitedSeconds += loader.waitedSeconds
    }

    private func trainingLoader(epoch: Int) -> Loader {
        let transform = RandomResizedCrop(size: config.preprocessing.size, minScale: config.minScale)
        let (seed, preprocessing, paths, store) = (config.seed, config.preprocessing, data.paths, store)
        return Loader(
            batches: Loader.trainingBatches(data.split.training, batchSize: config.batchSize, seed: seed, epoch: epoch),
            imageCount: preprocessing.size * preprocessing.size * 3, threads: threads
        ) { item, target in
            var generator = SeededGenerator(seed: seed, 2, UInt64(epoch), UInt64(item))
            preprocessing.normalise(transform.apply(try store.image(paths[item]), &generator), into: target)
        }
    }

    /// Logits of the validation images in split order.
    func validationLogits() throws -> [Float] {
        let (preprocessing, paths, store) = (config.preprocessing, data.paths, store)
        let loader = Loader(
            batches: Loader.chunks(data.split.validation, config.batchSize),
            imageCount: preprocessing.size * preprocessing.size * 3, threads: threads
        ) { item, target in
            preprocessing.normalise(preprocessing.apply(try store.image(paths[item])), into: target)
        }
        let edge = preprocessing.size
        let shape = MapShape(
            images: min(config.batchSize, data.split.validation.count), height: edge, width: edge, channels: 3)
        let plan = try InferencePlan(graph, parameters, input: shape, workers: workers)
        var logits: [Float] = []
        while let batch = try loader.next() { logits += plan.run(batch.images, count: batch.count) }
        return logits
    }

    /// Mean loss and accuracy_multi over the validation images.
    private func validate() throws -> (loss: Double, accuracy: Double) {
        let logits = try validationLogits()
        let targets = data.split.validation.flatMap(data.oneHot)
        let width = data.vocab.count
        let right = logits.indices.count { index in
            (logistic(Double(logits[index])) > config.thresholds[index % width]) == (targets[index] == 1)
        }
        return (BinaryCrossEntropy.loss(logits: logits, targets: targets), Double(right) / Double(max(1, logits.count)))
    }

    /// The validation split measured, ready to report.
    public func validationRecord(model: Model, title: String) throws -> EvaluationRecord {
        let names = data.split.validation.map { data.names[$0] }
        let logits = try Logits(names: names, labels: data.vocab, values: validationLogits().map(Double.init))
        let truth = try Truth(names: names, labels: data.vocab, targets: data.split.validation.map { data.targets[$0] })
        return try .measure(
            title: title, model: model.identity, scores: logits.scores(), truth: truth, thresholds: config.thresholds,
            pixelDigests: data.split.validation.map { store.digest(data.paths[$0]) ?? "" })
    }

    /// Digests of the training images that were read.
    public var trainedOn: [String] { data.split.training.compactMap { store.digest(data.paths[$0]) }.sorted() }

    /// The network's weights as the bytes of `model.safetensors`.
    public func weightBytes() -> [UInt8] { SafeTensors.write(parameters.stateDictionary()) }

    /// Weights and optimiser, so that training can go on.
    public func checkpointBytes() -> [UInt8] {
        SafeTensors.write(
            parameters.stateDictionary().merging(optimiser.stateDictionary()) { first, _ in first },
            metadata: ["steps": "\(stepCount)", "epochs": "\(epochCount)"])
    }
}

/// fastai's training loss: an exponential average with beta 0.98, debiased.
struct SmoothedLoss {
    private var average = 0.0
    private var count = 0

    mutating func add(_ loss: Double) {
        average = 0.98 * average + 0.02 * loss
        count += 1
    }

    var value: Double { count == 0 ? .nan : average / (1 - pow(0.98, Double(count))) }
}
