import Evaluation
import Foundation
import Testing
import Training

@Suite struct LearningRateFinderTests {
    private func everything(_ training: SmallTraining) {
        training.config.recipe.averageDecay = 0.9
        training.config.recipe.accumulation = 2
        training.config.recipe.mixup = 0.4
        training.config.recipe.keepsBest = true
    }

    /// Before a training, in the midst of it, and when it stops by itself.
    @Test(arguments: [false, true])
    func aTrainingEndsInTheSameBytes(_ isFrozen: Bool) throws {
        let training = try SmallTraining()
        everything(training)
        let plain = try training.learner()
        try plain.fit()
        let learner = try training.learner()
        let first = try learner.findLearningRate(steps: 12, isFrozen: isFrozen)
        try learner.fit(save: { _ = try $0.findLearningRate(steps: 7) })
        #expect(try learner.checkpoint().bytes() == plain.checkpoint().bytes())
        #expect(learner.history.map(\.validLoss) == plain.history.map(\.validLoss))
        #expect(first.rates.count == 12 && first.losses.count == 12)
    }

    /// A loss that is no number ends the search, and is null in JSON.
    @Test func aSearchThatExplodesIsStillTold() throws {
        let training = try SmallTraining()
        let curve = try training.learner().findLearningRate(from: 1e30, to: 1e37, steps: 20)
        #expect(curve.losses.count < 20 && curve.losses.last?.isFinite == false)
        let text = try JSON.text(curve)
        let fields = try #require(
            JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect((fields["losses"] as? [Any])?.last is NSNull && (fields["rates"] as? [Any])?.count == curve.rates.count)
        #expect(fields["suggestions"] is [String: Any])
    }

    @Test func ratesGrowGeometricallyAndTheFirstLossIsTheTrainings() throws {
        let training = try SmallTraining()
        let learner = try training.learner()
        let curve = try learner.findLearningRate(from: 1e-6, to: 1e-2, steps: 8)
        for (i, rate) in curve.rates.enumerated() {
            #expect(abs(rate - 1e-6 * pow(10, 4 * Double(i) / 8)) < 1e-9 * rate + 1e-15)
        }
        training.config.fits = Fit.oneCycle(epochs: 1, rate: 1e-6)
        var losses: [Double] = []
        try training.learner().fit { if case .batch(_, _, _, let loss) = $0 { losses.append(loss) } }
        #expect(curve.losses[0] == losses[0])
    }

    @Test func itEndsWhereTheLossExplodes() throws {
        let training = try SmallTraining()
        let curve = try training.learner().findLearningRate(from: 1e-3, to: 1e6, steps: 60)
        #expect(curve.losses.count < 60)
        var best = Double.infinity
        for (step, loss) in curve.losses.enumerated() {
            best = loss < best ? loss : best
            #expect((loss <= 4 * best) == (step < curve.losses.count - 1))
        }
        withExtendedLifetime(training) {}
    }

    @Test func fourTimesTheBestIsTooMuch() {
        var divergence = Divergence()
        for loss in [1, 3.9, 0.5, 1.9, 2] {
            let isReached = divergence.isReached(at: loss)
            #expect(!isReached, "\(loss)")
        }
        for loss in [2.001, .infinity, .nan] {
            var copy = divergence
            let isReached = copy.isReached(at: loss)
            #expect(isReached, "\(loss)")
        }
    }

    @Test func threadsDoNotMatter() throws {
        let training = try SmallTraining()
        let curves = try [1, 2, 5].map { try training.learner(threads: $0).findLearningRate(steps: 9) }
        withExtendedLifetime(training) {}
        #expect(curves[1] == curves[0] && curves[2] == curves[0])
    }
}
