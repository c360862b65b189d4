import Evaluation
import Foundation
import Neural
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

    @Test func storedFeaturesDoNotDependOnThreads() throws {
        let stored = try trained(augments: false)
        #expect(try stored.checkpoint().bytes() == trained(augments: false, threads: 5).checkpoint().bytes())
        #expect(stored.history.count == 2 && stored.history[1].trainLoss != stored.history[0].trainLoss)
    }
}
