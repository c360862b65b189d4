/// A network as a value: nodes in topological order. Everything else (inference, training, counting, drawing, files)
/// is a function over it. Feature maps are NHWC.
public struct Graph: Sendable, Equatable {
    /// One operation; its index in `Graph.nodes` names its output.
    public struct Node: Sendable, Equatable {
        /// Unique; torchvision's module path for nodes with parameters (`layer1.0.conv1`).
        public var name: String
        public var operation: Operation
        /// Indices of earlier nodes.
        public var inputs: [Int]

        public init(name: String, operation: Operation, inputs: [Int]) {
            self.name = name
            self.operation = operation
            self.inputs = inputs
        }
    }

    /// Node 0 is the one `.input`; the last node's output is the logits `[N, C]`.
    public var nodes: [Node] = []

    public init() {}

    /// Appends a node and returns its index.
    public mutating func add(_ operation: Operation, name: String, _ inputs: Int...) -> Int {
        nodes.append(Node(name: name, operation: operation, inputs: inputs))
        return nodes.count - 1
    }
}

/// What a node does. Parameters are named `<node>.weight` and so on; see `Operation.parameters`.
public enum Operation: Sendable, Equatable {
    /// Images `[N, H, W, channels]`, normalised.
    case input(channels: Int)
    /// weight `[out, in, kernel, kernel]`, optional bias `[out]`; zero padding.
    case convolution(in: Int, out: Int, kernel: Int, stride: Int, padding: Int, bias: Bool)
    /// weight, bias, running_mean, running_var `[channels]`; over all axes but the last.
    case batchNorm(channels: Int, epsilon: Float, momentum: Float)
    case relu
    /// Elementwise sum of two inputs of one shape.
    case add
    case maxPool(kernel: Int, stride: Int, padding: Int)
    /// `[N, H, W, C]` -> `[N, C]`.
    case globalAveragePool
    /// `[N, H, W, C]` -> `[N, C]`.
    case globalMaxPool
    /// Joins `[N, A]` and `[N, B]` to `[N, A+B]`, first input first.
    case concatenate
    /// Training only; identity in inference.
    case dropout(probability: Float)
    /// weight `[out, in]`, optional bias `[out]`; on `[N, in]`.
    case linear(in: Int, out: Int, bias: Bool)
}
