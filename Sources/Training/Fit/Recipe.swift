import Neural

/// How a training goes beyond its schedule; everything is off or fastai's default unless said.
public struct Recipe: Codable, Sendable, Equatable {
    public var loss = MultiLabelLoss()
    /// Decoupled weight decay; never on norms and biases.
    public var weightDecay = 0.01
    /// Dropout before the last layer of the fastai head, half of it before the one before; 0 ..< 1.
    public var dropout = 0.5
    /// The gradient's largest Euclidean norm over all trained parameters, as PyTorch's `clip_grad_norm_`.
    public var clipNorm: Double?
    /// Batches whose gradients are averaged for a step.
    public var accumulation = 1
    /// An exponential moving average of the weights validates and is exported: decay, approached as (1 + t) / (10 + t).
    public var averageDecay: Double?
    /// Mixup (Zhang et al., 2018) as fastai's: pairs of images, mixed by Beta(alpha, alpha).
    public var mixup: Double?
    /// Epochs without a lower validation loss after which a fit ends.
    public var patience: Int?
    /// Whether a fit ends with the weights of its epoch of lowest validation loss.
    public var keepsBest = false

    public init() {}
}

extension Recipe {
    /// What earlier versions did not write is as they did it.
    public init(from decoder: any Decoder) throws {
        let (values, plain) = (try decoder.container(keyedBy: CodingKeys.self), Recipe())
        loss = try values.decodeIfPresent(MultiLabelLoss.self, forKey: .loss) ?? plain.loss
        weightDecay = try values.decodeIfPresent(Double.self, forKey: .weightDecay) ?? plain.weightDecay
        dropout = try values.decodeIfPresent(Double.self, forKey: .dropout) ?? plain.dropout
        clipNorm = try values.decodeIfPresent(Double.self, forKey: .clipNorm)
        accumulation = try values.decodeIfPresent(Int.self, forKey: .accumulation) ?? plain.accumulation
        averageDecay = try values.decodeIfPresent(Double.self, forKey: .averageDecay)
        mixup = try values.decodeIfPresent(Double.self, forKey: .mixup)
        patience = try values.decodeIfPresent(Int.self, forKey: .patience)
        keepsBest = try values.decodeIfPresent(Bool.self, forKey: .keepsBest) ?? plain.keepsBest
    }
}
