import Evaluation
import Foundation
import Neural
import Testing
import Training

@Suite struct RecipeTests {
    private static let recipes: [(name: String, change: @Sendable (inout Recipe) -> Void)] = [
        ("focal", { $0.loss = MultiLabelLoss(.focal) }),
        ("asymmetric", { $0.loss = MultiLabelLoss(.asymmetric) }),
        ("weighted", { $0.loss.positiveWeights = [2, 0.5, 3] }),
        ("smoothed", { $0.loss.smoothing = 0.1 }),
        ("decay", { $0.weightDecay = 0.1 }),
        ("dropout", { $0.dropout = 0.2 }),
        ("clip", { $0.clipNorm = 0.05 }),
        ("accumulate", { $0.accumulation = 2 }),
        ("average", { $0.averageDecay = 0.9 }),
        ("mixup", { $0.mixup = 0.4 }),
        ("patience", { $0.patience = 1 }),
        ("best", { $0.keepsBest = true }),
        (
            "all",
            {
                $0.loss.smoothing = 0.1
                $0.clipNorm = 1
                $0.accumulation = 2
                $0.averageDecay = 0.9
                $0.mixup = 0.4
                $0.patience = 2
                $0.keepsBest = true
            }
        ),
    ]

    private func training(_ index: Int) throws -> SmallTraining {
        let training = try SmallTraining()
        Self.recipes[index].change(&training.config.recipe)
        return training
    }

    /// Each part of the recipe: other bytes than without it, the same at 1, 2 and 5 threads, and after stops.
    @Test(arguments: recipes.indices)
    func bytesDependOnTheRecipeAndNothingElse(_ index: Int) throws {
        let training = try training(index)
        let name = Self.recipes[index].name
        let expected = try trained(training, threads: 1)
        for threads in [2, 5] { #expect(try trained(training, threads: threads) == expected, "\(name) \(threads)") }

        var learner = try training.learner(threads: 3)
        var left = 2
        while try !learner.fit({ if case .batch = $0 { left -= 1 } }, isStopped: { left <= 0 }) {
            left = 2
            learner = try training.learner(resuming: learner.checkpoint().bytes(), learner.history, threads: 2)
        }
        #expect(try learner.checkpoint().bytes() == expected, "\(name) resumed")

        // Patience and the best epoch may well change nothing here.
        guard !["patience", "best"].contains(name) else { return }
        let plain = try SmallTraining()
        #expect(try fitted(plain).weightBytes() != fitted(training).weightBytes(), "\(name)")
        withExtendedLifetime((plain, training)) {}
    }

    private func fitted(_ training: SmallTraining, threads: Int = 2) throws -> Learner {
        let learner = try training.learner(threads: threads)
        try learner.fit()
        return learner
    }

    private func trained(_ training: SmallTraining, threads: Int) throws -> [UInt8] {
        try fitted(training, threads: threads).checkpoint().bytes()
    }

    /// A fit of rates so high that it gets worse: as fastai's EarlyStoppingCallback, and the weights of the best epoch after.
    @Test(arguments: [1, 2], [true, false])
    func patienceEndsAFit(_ patience: Int, _ keepsBest: Bool) throws {
        let training = try SmallTraining()
        training.config.fits = Fit.all(epochs: 12, rates: [0.5, 0.5, 0.5], curve: .flat)
        training.config.recipe.patience = patience
        training.config.recipe.keepsBest = keepsBest
        let learner = try training.learner()
        var saved: [[UInt8]] = []
        var stopped: Int?
        try learner.fit(
            { if case .stoppedEarly(let best) = $0 { stopped = best } }, save: { saved.append($0.weightBytes()) })
        let losses = learner.history.map(\.validLoss)
        // fastai counts epochs since the lowest loss.
        var (best, wait, end) = (Double.infinity, 0, losses.count)
        for (epoch, loss) in losses.enumerated() {
            (best, wait) = loss < best ? (loss, 0) : (best, wait + 1)
            if wait >= patience {
                end = epoch + 1
                break
            }
        }
        #expect(losses.count == end && end < 12)
        let bestEpoch = try #require(losses.firstIndex(of: best))
        #expect(stopped == bestEpoch && bestEpoch == end - 1 - patience)
        #expect((learner.weightBytes() == saved[bestEpoch]) == keepsBest)
    }

    /// The validation that is printed, and the weights that are written, are the average's.
    @Test func theAverageAnswers() throws {
        let training = try SmallTraining()
        training.config.recipe.averageDecay = 0.5
        let learner = try fitted(training)
        #expect(learner.answering.stateDictionary() != learner.parameters.stateDictionary())
        let model = try Model(name: "m", config: learner.config, weightBytes: learner.weightBytes(), file: "m")
        let record = try learner.validationRecord(model: model, title: "m")
        let losses = record.images.map { $0.loss ?? .nan }
        let loss = try #require(learner.history.last?.validLoss)
        #expect(abs(loss - losses.reduce(0, +) / Double(losses.count)) < 1e-6)
    }

    @Test func dropoutIsTheHeads() throws {
        let training = try SmallTraining()
        training.config.recipe.dropout = 0.3
        let rates = try training.config.graph().nodes.compactMap { node -> Float? in
            if case .dropout(let probability) = node.operation { probability } else { nil }
        }
        #expect(rates == [0.15, 0.3])
    }

    @Test func positivesAreBalanced() throws {
        // Half of 24 are dark, half light, a third red; 18 train.
        let data = try SmallTraining().data()
        for (label, weight) in data.balancingWeights.enumerated() {
            let positives = data.split.training.count { data.targets[$0].contains(label) }
            #expect(weight == Double(18 - positives) / Double(positives))
        }
    }

    @Test func recipesThatCannotBeAreRefused() throws {
        let config = try SmallTraining().config
        let changes: [(inout RunConfig) -> Void] = [
            { $0.recipe.loss.positiveWeights = [] }, { $0.recipe.loss.positiveWeights = [1, 2] },
            { $0.recipe.loss.positiveWeights = [1, 2, -1] }, { $0.recipe.loss.smoothing = 1 },
            { $0.recipe.dropout = 1 }, { $0.recipe.weightDecay = -1 }, { $0.recipe.averageDecay = 1 },
            { $0.recipe.accumulation = 0 }, { $0.recipe.clipNorm = 0 }, { $0.recipe.mixup = -0.1 },
            { $0.fits[0].rates = [1] }, { $0.fits[0].epochs = -1 }, { $0.fits[0].epochs = 1 << 60 },
            { $0.minScale = 0 }, { $0.minScale = 1.01 },
        ]
        _ = try RunConfig.parse(Array(config.text().utf8), named: "c")
        for (index, change) in changes.enumerated() {
            var changed = config
            change(&changed)
            let error = #expect(throws: InputError.self, "\(index)") {
                try RunConfig.parse(Array(changed.text().utf8), named: "c")
            }
            #expect(error?.description.contains("contradicts itself") == true)
        }
    }
}
