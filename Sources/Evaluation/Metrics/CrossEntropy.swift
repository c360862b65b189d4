import Foundation

/// Binary cross-entropy of probabilities, as PyTorch's BCELoss: -(t log p + (1 - t) log(1 - p)), each logarithm at least -100.
public enum CrossEntropy {
    /// The most that one decision can cost, in nats.
    static let most = 100.0

    /// The loss of one decision, in nats, 0...100.
    public static func term(_ probability: Double, _ target: Bool) -> Double {
        // log1p keeps the digits of a probability near 1.
        -max(-most, target ? log(probability) : log1p(-probability))
    }
}
