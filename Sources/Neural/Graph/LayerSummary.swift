/// One node of a graph in words and numbers.
public struct LayerSummary: Sendable, Equatable {
    public let name: String
    /// `conv 3x3 /2`, `batch norm`, ….
    public let kind: String
    public let output: MapShape
    public let parameterCount: Int
    /// Multiply-adds of one forward pass of the whole batch, counted directly (twice that in FLOPs).
    public let multiplyAdds: Int

    /// Every node of `graph` but the input, for a batch of `input`.
    /// - Throws: `GraphError` if the shapes do not fit.
    public static func layers(_ graph: Graph, input: MapShape) throws -> [LayerSummary] {
        let shapes = try graph.shapes(input: input)
        return graph.nodes.indices.dropFirst().map { index in
            let node = graph.nodes[index]
            let source = node.inputs.first.map { shapes[$0] } ?? shapes[index]
            return LayerSummary(
                name: node.name, kind: node.operation.summary, output: shapes[index],
                parameterCount: node.operation.parameters.reduce(0) { $0 + $1.shape.reduce(1, *) },
                multiplyAdds: Convolution(node.operation, input: source, output: shapes[index])?.multiplyAdds ?? 0)
        }
    }
}

extension Operation {
    /// A few words for tables.
    var summary: String {
        switch self {
        case .input: "input"
        case .convolution(_, _, let kernel, let stride, _, _):
            "conv \(kernel)x\(kernel)\(stride == 1 ? "" : " /\(stride)")"
        case .batchNorm: "batch norm"
        case .relu: "relu"
        case .add: "add"
        case .maxPool(let kernel, let stride, _): "max pool \(kernel)x\(kernel)\(stride == 1 ? "" : " /\(stride)")"
        case .globalAveragePool: "average pool"
        case .globalMaxPool: "max pool"
        case .concatenate: "concatenate"
        case .dropout: "dropout"
        case .linear: "linear"
        }
    }
}
