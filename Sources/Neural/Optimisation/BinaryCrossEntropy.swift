import Foundation

/// Binary cross-entropy with logits, the mean over all `[N, C]` elements (PyTorch's BCEWithLogitsLoss).
public enum BinaryCrossEntropy {
    /// max(z, 0) - z * t + log(1 + exp(-|z|)), averaged in double precision.
    /// - Parameters: logits and targets `[N, C]` row-major, targets in 0...1.
    public static func loss(logits: [Float], targets: [Float]) -> Double {
        precondition(logits.count == targets.count, "\(logits.count) logits for \(targets.count) targets")
        var sum = 0.0
        for (z, t) in zip(logits, targets) {
            let z = Double(z)
            sum += max(z, 0) - z * Double(t) + log1p(exp(-abs(z)))
        }
        return sum / Double(max(logits.count, 1))
    }

    /// d loss / d logits = (sigmoid(z) - t) / (N * C).
    public static func gradient(logits: [Float], targets: [Float]) -> [Float] {
        precondition(logits.count == targets.count, "\(logits.count) logits for \(targets.count) targets")
        let share = 1 / Double(max(logits.count, 1))
        return zip(logits, targets).map { z, t in
            Float((1 / (1 + exp(-Double(z))) - Double(t)) * share)
        }
    }
}
