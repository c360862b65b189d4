import Evaluation
import Foundation
import ModelFiles

/// What a mock training with a growing rate made of the loss (Smith, 2017).
public struct LearningRateCurve: Encodable, Sendable, Equatable {
    /// Of each step, growing.
    public let rates: [Double]
    /// The training loss after each step's forward pass, smoothed as fastai's.
    public let losses: [Double]
    public let suggestions: LearningRateSuggestions

    init(rates: [Double], losses: [Double], steps: Int) {
        (self.rates, self.losses) = (rates, losses)
        suggestions = LearningRateSuggestions(rates: rates, losses: losses, steps: steps)
    }

    private enum CodingKeys: CodingKey {
        case rates, losses, suggestions
    }

    /// JSON has no word for a loss that is no number, which is the last one: it is null.
    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(rates, forKey: .rates)
        try fields.encode(losses.map { $0.isFinite ? $0 : nil }, forKey: .losses)
        try fields.encode(suggestions, forKey: .suggestions)
    }
}

/// When a search has seen enough: the loss is no number, infinite, or above 4 times its best.
public struct Divergence: Sendable {
    private var best = Double.infinity

    public init() {}

    /// Takes in the next smoothed loss; whether the search ends with it.
    public mutating func isReached(at loss: Double) -> Bool {
        guard loss.isFinite else { return true }
        best = min(best, loss)
        return loss > 4 * best
    }
}

extension Learner {
    /// fastai's `lr_find`: trains `steps` batches at one rate for all groups, start * (end / start)^(i / steps), until the
    /// smoothed loss exceeds 4 times its best. Then weights, running statistics, optimiser and position are put back, so that
    /// a training afterwards ends in the bytes that it would have without.
    ///
    /// - Parameters:
    ///   - isFrozen: whether the body rests, as in the first fit of fine-tuning.
    ///   - report: called with the steps done and the smoothed loss.
    ///   - isStopped: asked before each batch; at true the curve ends there.
    public func findLearningRate(
        from start: Double = 1e-7, to end: Double = 10, steps: Int = 100, isFrozen: Bool = false,
        _ report: (_ done: Int, _ loss: Double) -> Void = { _, _ in }, isStopped: () -> Bool = { false }
    ) throws -> LearningRateCurve {
        let before = checkpoint()
        do {
            let curve = try mockTraining(
                steps: steps, isFrozen: isFrozen, report, isStopped, rate: { start * pow(end / start, $0) })
            try restore(before)
            return curve
        } catch {
            try restore(before)
            throw error
        }
    }

    private func mockTraining(
        steps: Int, isFrozen: Bool, _ report: (Int, Double) -> Void, _ isStopped: () -> Bool,
        rate: (Double) -> Double
    ) throws -> LearningRateCurve {
        var fit = Fit.all(epochs: 1, rates: [1, 1, 1], curve: .flat)[0]
        fit.isFrozen = isFrozen
        var (rates, losses, divergence) = ([Double](), [Double](), Divergence())
        func curve() -> LearningRateCurve { LearningRateCurve(rates: rates, losses: losses, steps: steps) }
        guard let network = try FitNetwork(fit, graph, parameters, images, workers, isStopped: isStopped) else {
            return curve()
        }
        position.smoothed = SmoothedLoss()
        while true {
            position.batch = 0
            let batches = Loader.trainingBatches(
                data.split.training, batchSize: config.batchSize, seed: config.seed, epoch: position.epochs)
            let source = network.source(epoch: position.epochs, batches: batches)
            while let batch = try source.next() {
                if losses.count == steps || isStopped() { return curve() }
                fit.rates = Array(repeating: rate(Double(losses.count) / Double(steps)), count: 3)
                _ = gradients(of: batch, network.plan)
                if position.batch % config.recipe.accumulation == 0 || position.batch == batches.count {
                    step(fit, at: 0)
                }
                rates.append(fit.rates[0])
                losses.append(position.smoothed.value)
                report(losses.count, position.smoothed.value)
                if divergence.isReached(at: position.smoothed.value) { return curve() }
            }
            position.epoch += 1
        }
    }
}
