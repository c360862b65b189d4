import Foundation

/// What a multi-label training makes small: the mean over all `[N, C]` elements of one function of a logit and its target.
public struct MultiLabelLoss: Codable, Sendable, Equatable {
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// PyTorch's BCEWithLogitsLoss.
        case bce
        /// Lin et al., 2017, as torchvision's `sigmoid_focal_loss`.
        case focal
        /// Ridnik et al., 2021, as timm's `AsymmetricLossMultiLabel`, but the mean where that takes the sum, and exact
        /// where that takes the logarithm of no less than 1e-8, beyond which it has no slope.
        case asymmetric
    }

    public var kind = Kind.bce
    /// Targets become `t (1 - s) + s / 2`; 0...1.
    public var smoothing = 0.0
    /// Weight of each label's positives, one a label; only of `bce`.
    public var positiveWeights: [Double]?
    /// Focal: exponent, and weight of positives (of negatives 1 minus it).
    public var gamma = 2.0
    public var alpha = 0.25
    /// Asymmetric: exponents of positives and negatives, and how far negatives' probabilities are shifted down.
    public var positiveGamma = 1.0
    public var negativeGamma = 4.0
    public var clip = 0.05

    public init(_ kind: Kind = .bce) { self.kind = kind }

    private var isPlain: Bool { kind == .bce && smoothing == 0 && positiveWeights == nil }

    /// - Parameters: logits and targets `[N, C]` row-major, targets in 0...1.
    public func loss(logits: [Float], targets: [Float]) -> Double {
        if isPlain { return BinaryCrossEntropy.loss(logits: logits, targets: targets) }
        precondition(logits.count == targets.count, "\(logits.count) logits for \(targets.count) targets")
        var sum = 0.0
        for index in logits.indices { sum += element(index, logits, targets).loss }
        return sum / Double(max(logits.count, 1))
    }

    /// d loss / d logits `[N, C]`.
    public func gradient(logits: [Float], targets: [Float]) -> [Float] {
        if isPlain { return BinaryCrossEntropy.gradient(logits: logits, targets: targets) }
        precondition(logits.count == targets.count, "\(logits.count) logits for \(targets.count) targets")
        let share = 1 / Double(max(logits.count, 1))
        return logits.indices.map { Float(element($0, logits, targets).slope * share) }
    }

    /// One element's loss and its derivative with respect to the logit.
    private func element(_ index: Int, _ logits: [Float], _ targets: [Float]) -> (loss: Double, slope: Double) {
        let z = Double(logits[index])
        let t = Double(targets[index]) * (1 - smoothing) + smoothing / 2
        let p = 1 / (1 + exp(-z))
        // -log p and -log (1 - p), exact for large |z|.
        let rest = log1p(exp(-abs(z)))
        let (surprise, relief) = (rest + max(-z, 0), rest + max(z, 0))
        switch kind {
        case .bce:
            let weight = positiveWeights.map { $0[index % $0.count] } ?? 1
            return (weight * t * surprise + (1 - t) * relief, (1 - t) * p - weight * t * (1 - p))
        case .focal:
            let entropy = t * surprise + (1 - t) * relief
            let miss = 1 - (p * t + (1 - p) * (1 - t))
            let balance = alpha * t + (1 - alpha) * (1 - t)
            let slope = pow(miss, gamma) * (p - t) - power(miss, gamma) * (2 * t - 1) * p * (1 - p) * entropy
            return (balance * pow(miss, gamma) * entropy, balance * slope)
        case .asymmetric:
            let isClipped = clip > 0 && 1 - p + clip >= 1
            let negative = min(1 - p + clip, 1)
            let (pSlope, nSlope) = (p * (1 - p), isClipped ? 0 : -p * (1 - p))
            // Of -log negative; where nothing is clipped, 1 - p may be too small to divide by.
            let (certainty, certaintySlope) = clip > 0 ? (-log(negative), -nSlope / negative) : (relief, p)
            let entropy = t * surprise + (1 - t) * certainty
            let exponent = positiveGamma * t + negativeGamma * (1 - t)
            let miss = max(0, 1 - p * t - negative * (1 - t))
            let entropySlope = -t * (1 - p) + (1 - t) * certaintySlope
            let missSlope = -pSlope * t - nSlope * (1 - t)
            return (
                pow(miss, exponent) * entropy,
                pow(miss, exponent) * entropySlope + power(miss, exponent) * missSlope * entropy
            )
        }
    }

    /// d (x^g) / dx; 0 at 0, where the entropy that it is multiplied by is 0 too and goes faster.
    private func power(_ x: Double, _ g: Double) -> Double { g == 0 || x <= 0 ? 0 : g * pow(x, g - 1) }
}
