/// A dense float tensor, row-major in `shape`'s axis order. In state dictionaries the layout is PyTorch's
/// (convolution weights `[out, in, height, width]`).
public struct NamedTensor: Sendable, Equatable {
    public var shape: [Int]
    public var values: [Float]

    public init(shape: [Int], values: [Float]) {
        precondition(shape.reduce(1, *) == values.count, "shape \(shape) does not hold \(values.count) values")
        self.shape = shape
        self.values = values
    }
}

extension NamedTensor {
    /// Whether a ResNet's batch norms can divide by it, if `name` says that it is a variance: by the root of that and epsilon.
    public func isUsable(asVariance name: String) -> Bool {
        !name.hasSuffix("running_var") || values.allSatisfy { $0 > -ResNet.epsilon }
    }
}

/// PyTorch-named parameters and buffers: `layer1.0.conv1.weight` -> tensor.
public typealias StateDictionary = [String: NamedTensor]
