/// How often the training images carry each label.
extension Dataset {
    /// Negatives over positives among the training images, a label: what `pos_weight` balances; 1 for a label without
    /// positives or without negatives.
    public var balancingWeights: [Double] {
        var positives = [Int](repeating: 0, count: vocab.count)
        for item in split.training { for label in targets[item] { positives[label] += 1 } }
        return positives.map { count in
            let rest = split.training.count - count
            return count == 0 || rest == 0 ? 1 : Double(rest) / Double(count)
        }
    }
}
