/// A network in two: a body that is only run, and the head that learns from what it says.
extension Graph {
    /// The value that the first node with a parameter of `isHead` reads: pooled features `[N, F]` of a ResNet; nil if
    /// there is no such node.
    public func features(before isHead: (String) -> Bool) -> Int? {
        let node = nodes.first { node in
            node.operation.parameters.contains { isHead("\(node.name).\($0.suffix)") }
        }
        return node?.inputs.first
    }

    /// The network up to `node`, whose output is that node's, and the rest as a network that reads it. Both keep the names of
    /// their parameters, so the whole network's `Parameters` serve either.
    /// - Throws: `GraphError` if anything after `node` reads something before it.
    public func cut(after node: Int) throws -> (body: Graph, head: Graph) {
        guard nodes.indices.dropFirst().contains(node), node < nodes.count - 1 else {
            throw GraphError("a cut after node \(node); expected one of 1 to \(nodes.count - 2)")
        }
        var (body, head) = (Graph(), Graph())
        body.nodes = Array(nodes[...node])
        head.nodes = [Node(name: "input", operation: .input(channels: channels(of: node)), inputs: [])]
        for after in nodes[(node + 1)...] {
            guard after.inputs.allSatisfy({ $0 >= node }) else {
                throw GraphError("a cut after '\(nodes[node].name)'; '\(after.name)' reads something before it")
            }
            head.nodes.append(
                Node(name: after.name, operation: after.operation, inputs: after.inputs.map { $0 - node }))
        }
        return (body, head)
    }

    /// Channels of a node's output.
    private func channels(of node: Int) -> Int {
        switch nodes[node].operation {
        case .input(let channels), .batchNorm(let channels, _, _): channels
        case .convolution(_, let out, _, _, _, _), .linear(_, let out, _): out
        case .concatenate: nodes[node].inputs.reduce(0) { $0 + channels(of: $1) }
        case .relu, .add, .maxPool, .globalAveragePool, .globalMaxPool, .dropout: channels(of: nodes[node].inputs[0])
        }
    }
}
