/// What a plan holds, known before it is made. Bytes.
public struct MemoryPlan: Sendable, Equatable {
    /// Feature maps, including the batch of images.
    public var activations: Int
    /// Gradients of feature maps, beyond what fits where maps are done with; 0 in inference.
    public var gradients: Int
    /// Working space of the algorithms, shared by all layers.
    public var scratch: Int
    /// Weights in the form that the algorithms multiply with; 0 in training, where each step packs into scratch.
    public var packedWeights: Int

    public var total: Int { activations + gradients + scratch + packedWeights }
}
