import Evaluation
import Neural

/// One batch's gradients, and one step of the optimiser.
extension Learner {
    /// Forward, loss, backward; counts the batch.
    /// - Throws: `InputError` if the loss is no longer finite.
    func learn(_ batch: Batch, _ plan: TrainingPlan) throws {
        let loss = gradients(of: batch, plan)
        guard loss.isFinite else { try diverge("the loss is", at: position.steps + 1, loss) }
    }

    /// Ends a training whose weights a step has ruined.
    /// - Parameter value: what is not finite; nil for the weights themselves.
    func diverge(_ what: String, at step: Int, _ value: Double? = nil) throws -> Never {
        hasDiverged = true
        throw InputError(
            "\(what) no longer finite", at: "step \(step)", expected: "finite numbers; try a lower --lr",
            got: value.map { $0.isNaN ? "nan" : "\($0)" } ?? "infinite ones, or none")
    }

    /// Forward, loss, and, where that is finite, backward; counts the batch and its loss, which it returns.
    func gradients(of batch: Batch, _ plan: TrainingPlan) -> Double {
        var targets = batch.items.flatMap(data.oneHot)
        batch.mixture?.apply(to: &targets)
        let stream = UInt64(position.epochs) << 32 | UInt64(position.batch)
        let logits = plan.forward(batch.inputs, randomSeed: config.seed &+ stream &* 0x9E37_79B9_7F4A_7C15)
        let loss = config.recipe.loss.loss(logits: logits, targets: targets)
        position.smoothed.add(loss)
        position.batch += 1
        guard loss.isFinite else { return loss }
        plan.backward(config.recipe.loss.gradient(logits: logits, targets: targets))
        gradientAverage?.add()
        return loss
    }

    /// Moves the parameters that this fit trains, at a place 0...1 of it.
    func step(_ fit: Fit, at place: Double) {
        step(momentum: fit.momentum(at: place)) { name in
            guard FitNetwork.trains(name, in: fit, self.config, self.parameters.layout) else { return nil }
            return fit.rate(group: ResNet.group(ofParameter: name), at: place)
        }
    }

    /// Moves the parameters for which there is a rate.
    func step(momentum: Double, rate: (String) -> Double?) {
        gradientAverage?.finish()
        if let norm = config.recipe.clipNorm {
            parameters.clipGradients(norm: norm, workers: workers) { rate($0) != nil }
        }
        optimiser.step(momentum: Float(momentum), workers: workers) { rate($0.name).map(Float.init) }
        average?.update(step: position.steps)
        position.steps += 1
    }
}
