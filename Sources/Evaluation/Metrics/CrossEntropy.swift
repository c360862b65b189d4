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

    /// The mean over labels for one image, and the index of the label that costs most (the first of equals).
    public static func image(_ probabilities: ArraySlice<Double>, target: [Int]) -> (loss: Double, costliest: Int?) {
        let positive = Set(target)
        let terms = probabilities.enumerated().map { term($1, positive.contains($0)) }
        guard let worst = terms.max() else { return (0, nil) }
        return (terms.reduce(0, +) / Double(terms.count), terms.firstIndex(of: worst))
    }
}
