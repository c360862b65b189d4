import Evaluation

/// What files could say that no training can do.
extension RunConfig {
    /// What in the recipe or the fits cannot be: one phrase, or nil.
    var objection: String? {
        let loss = recipe.loss
        func isShare(_ value: Double) -> Bool { value >= 0 && value < 1 }
        let isPositive: (Double) -> Bool = { $0 > 0 && $0.isFinite }
        if let weights = loss.positiveWeights, weights.count != vocab.count || !weights.allSatisfy(isPositive) {
            return "\(weights.count) weights of positives for \(vocab.count) labels"
        }
        let exponents = [loss.gamma, loss.positiveGamma, loss.negativeGamma]
        if let gamma = exponents.first(where: { !($0 >= 0 && $0.isFinite) }) { return "a loss's exponent of \(gamma)" }
        if !(0...1).contains(loss.alpha) { return "a focal loss's alpha of \(loss.alpha)" }
        if !isShare(loss.clip) { return "an asymmetric loss's clip of \(loss.clip)" }
        if !isShare(loss.smoothing) { return "label smoothing \(loss.smoothing)" }
        if !isShare(recipe.dropout) { return "dropout \(recipe.dropout)" }
        if !(recipe.weightDecay >= 0) { return "weight decay \(recipe.weightDecay)" }
        if let decay = recipe.averageDecay, !isShare(decay) { return "an average's decay \(decay)" }
        if recipe.accumulation < 1 { return "a step of \(recipe.accumulation) batches" }
        for value in [recipe.clipNorm, recipe.mixup].compactMap({ $0 }) where !isPositive(value) {
            return "a clip norm or mixup of \(value)"
        }
        if !(minScale > 0 && minScale <= 1) { return "crops of \(minScale) of an image" }
        if let objection = augmentation?.objection { return objection }
        for fit in fits where fit.rates.count != 3 || !Fit.epochRange.contains(fit.epochs) {
            return "a fit of \(fit.epochs) epochs with \(fit.rates.count) rates"
        }
        return nil
    }
}
