import Evaluation
import Foundation
import Neural
import Raster
import Testing
import Training

/// A frozen body whose norms rest, so that only the head is run once its features are known.
@Suite struct FitNetworkTests {
    private func trained(augments: Bool, head: SmallTraining.RunHead = .fastai, threads: Int = 2) throws -> Learner {
        let training = try SmallTraining(epochs: 0, freezeEpochs: 2, head: head)
        training.config.freezesNorms = true
        training.config.augments = augments
        let learner = try training.learner(threads: threads)
        try learner.fit()
        return learner
    }

    @Test(arguments: [SmallTraining.RunHead.fastai, .linear], [true, false])
    func onlyTheHeadMoves(_ head: SmallTraining.RunHead, _ augments: Bool) throws {
        let learner = try trained(augments: augments, head: head)
        let before = try Parameters(learner.graph)
        before.initialise(seed: learner.config.seed)
        let fresh = before.stateDictionary()
        for (name, tensor) in learner.parameters.stateDictionary() {
            #expect((tensor != fresh[name]) == (name.hasPrefix("head.") || name.hasPrefix("fc.")), "\(name)")
        }
    }

    /// The last epoch's validation, run over stored features, is the whole network's.
    @Test(arguments: [true, false])
    func featuresGiveTheWholeNetworksAnswers(_ augments: Bool) throws {
        let training = try SmallTraining(epochs: 0, freezeEpochs: 2)
        training.config.freezesNorms = true
        training.config.augments = augments
        let learner = try training.learner()
        try learner.fit()
        let model = try Model(name: "m", config: learner.config, weightBytes: learner.weightBytes(), file: "m")
        let record = try learner.validationRecord(model: model, title: "m")
        let loss = try #require(learner.history.last?.validLoss)
        let losses = record.images.map { $0.loss ?? .nan }
        let mean = losses.reduce(0, +) / Double(losses.count)
        #expect(abs(loss - mean) < 1e-6)
    }

    /// A person sees how far they are, their time is the first epoch's, and Ctrl-C does not wait for them.
    @Test func featuresAreReportedAndCanBeStopped() throws {
        let training = try SmallTraining(epochs: 0, freezeEpochs: 2)
        (training.config.freezesNorms, training.config.augments) = (true, false)
        let whole = try training.learner()
        var steps: [Int] = []
        var total = 0
        try whole.fit({
            if case .features(let done, let count) = $0 {
                steps.append(done)
                total = count
            }
        })
        #expect(total == whole.data.names.count && steps.last == total && steps == steps.sorted() && steps.count > 1)
        let stopped = try training.learner()
        var (shown, asked, saved) = (0, 0, 0)
        let isWhole = try stopped.fit(
            { if case .features = $0 { shown += 1 } },
            save: { _ in saved += 1 },
            isStopped: {
                asked += 1
                return true
            })
        #expect(
            !isWhole && shown == 1 && asked == 1 && saved == 1 && stopped.history.isEmpty && stopped.position.steps == 0
        )
        try stopped.fit()
        #expect(try stopped.checkpoint().bytes() == whole.checkpoint().bytes())
    }

    /// Images are mixed, not what a frozen body makes of them: the first loss is that of the whole network over the first
    /// batch's images, mixed by the batch's own draws.
    @Test(arguments: [true, false])
    func mixupMixesImagesBeforeAFrozenBody(_ augments: Bool) throws {
        let training = try SmallTraining(epochs: 0, freezeEpochs: 1, head: .linear)
        training.config.freezesNorms = true
        training.config.augments = augments
        training.config.minScale = 1
        training.config.recipe.mixup = 1e6
        let learner = try training.learner()
        let (config, data, graph) = (learner.config, learner.data, learner.graph)
        let (initial, workers) = (try Parameters(graph), Workers(count: 1))
        initial.initialise(seed: config.seed)
        let items = Loader.trainingBatches(
            data.split.training, batchSize: config.batchSize, seed: config.seed, epoch: 0)[0]
        var images: [Float] = []
        for item in items {
            let image = config.preprocessing.apply(try Image.read(path: data.paths[item]))
            images += image.pixels.indices.map {
                (Float(image.pixels[$0]) / 255 - Float(config.preprocessing.mean[$0 % 3]))
                    / Float(config.preprocessing.std[$0 % 3])
            }
        }
        var targets = items.flatMap(data.oneHot)
        var generator = SeededGenerator(seed: config.seed, 3, 0)
        let mixture = Mixup(alpha: 1e6).mixture(of: items.count, &generator)
        mixture.apply(to: &images)
        mixture.apply(to: &targets)
        let shape = MapShape(images: items.count, height: 32, width: 32, channels: 3)
        let logits = try InferencePlan(graph, initial, input: shape, workers: workers).run(images, count: items.count)
        let expected = config.recipe.loss.loss(logits: logits, targets: targets)
        var first: Double?
        try learner.fit({ if case .batch(_, _, _, let loss) = $0 { first = first ?? loss } })
        let loss = try #require(first)
        // Crops differ from the whole picture by little more than their edges.
        #expect(abs(loss - expected) < (augments ? 0.02 : 1e-5), "\(loss) \(expected)")
    }

    @Test func storedFeaturesDoNotDependOnThreads() throws {
        let stored = try trained(augments: false)
        #expect(try stored.checkpoint().bytes() == trained(augments: false, threads: 5).checkpoint().bytes())
        #expect(stored.history.count == 2 && stored.history[1].trainLoss != stored.history[0].trainLoss)
    }
}
