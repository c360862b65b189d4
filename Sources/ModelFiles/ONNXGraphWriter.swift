import Neural

/// Walks a graph and collects ONNX nodes and initializers.
struct ONNXGraphWriter {
    let graph: Graph
    let weights: StateDictionary
    private(set) var written: [[UInt8]] = []
    private(set) var initializers: [[UInt8]] = []
    /// The ONNX name of each node's value.
    private var names: [String] = []

    private enum Attribute {
        case integer(String, Int)
        case integers(String, [Int])
        case float(String, Float)
    }

    init(graph: Graph, weights: StateDictionary) {
        self.graph = graph
        self.weights = weights
    }

    mutating func nodes() throws {
        for (index, node) in graph.nodes.enumerated() {
            let output = index == graph.nodes.count - 1 ? "logits" : node.name
            names.append(try write(node, node.inputs.map { names[$0] }, output))
        }
        if names.last != "logits" { add("Identity", "logits", [names.last ?? "input"], "logits") }
        add("Sigmoid", "probabilities", ["logits"], "probabilities")
    }

    /// Writes one node; returns the name of its value.
    private mutating func write(_ node: Graph.Node, _ inputs: [String], _ output: String) throws -> String {
        let name = node.name
        switch node.operation {
        case .input: return "input"
        case .dropout: return inputs[0]
        case .convolution(_, _, let kernel, let stride, let padding, let bias):
            let parameters = try tensors(name, ["weight"] + (bias ? ["bias"] : []))
            add(
                "Conv", name, inputs + parameters, output,
                [
                    .integers("dilations", [1, 1]), .integer("group", 1), .integers("kernel_shape", [kernel, kernel]),
                    .integers("pads", Array(repeating: padding, count: 4)), .integers("strides", [stride, stride]),
                ])
        case .batchNorm(_, let epsilon, let momentum):
            let parameters = try tensors(name, ["weight", "bias", "running_mean", "running_var"])
            add(
                "BatchNormalization", name, inputs + parameters, output,
                [.float("epsilon", epsilon), .float("momentum", 1 - momentum)])
        case .relu: add("Relu", name, inputs, output)
        case .add: add("Add", name, inputs, output)
        case .maxPool(let kernel, let stride, let padding):
            add(
                "MaxPool", name, inputs, output,
                [
                    .integers("kernel_shape", [kernel, kernel]), .integers("pads", Array(repeating: padding, count: 4)),
                    .integers("strides", [stride, stride]),
                ])
        case .globalAveragePool, .globalMaxPool:
            var kind = "GlobalAveragePool"
            if case .globalMaxPool = node.operation { kind = "GlobalMaxPool" }
            add(kind, name + ".pool", inputs, name + ".pooled")
            add("Flatten", name, [name + ".pooled"], output, [.integer("axis", 1)])
        case .concatenate: add("Concat", name, inputs, output, [.integer("axis", 1)])
        case .linear(_, _, let bias):
            let parameters = try tensors(name, ["weight"] + (bias ? ["bias"] : []))
            add("Gemm", name, inputs + parameters, output, [.integer("transB", 1)])
        }
        return output
    }

    private mutating func tensors(_ node: String, _ suffixes: [String]) throws -> [String] {
        try suffixes.map { suffix in
            let name = "\(node).\(suffix)"
            guard let tensor = weights[name] else {
                throw ModelFileError("model.onnx", "cannot be written: '\(name)' is missing")
            }
            var message = ProtobufWriter()
            for dimension in tensor.shape { message.integer(1, dimension) }
            message.integer(2, 1)
            message.string(8, name)
            tensor.values.withUnsafeBytes { message.data(9, $0) }
            initializers.append(message.bytes)
            return name
        }
    }

    private mutating func add(
        _ kind: String, _ name: String, _ inputs: [String], _ output: String, _ attributes: [Attribute] = []
    ) {
        var message = ProtobufWriter()
        for input in inputs { message.string(1, input) }
        message.string(2, output)
        message.string(3, name)
        message.string(4, kind)
        for attribute in attributes {
            message.message(5) { field in
                switch attribute {
                case .integer(let name, let value):
                    field.string(1, name)
                    field.integer(3, value)
                    field.integer(20, 2)
                case .integers(let name, let values):
                    field.string(1, name)
                    for value in values { field.integer(8, value) }
                    field.integer(20, 7)
                case .float(let name, let value):
                    field.string(1, name)
                    field.float(2, value)
                    field.integer(20, 1)
                }
            }
        }
        written.append(message.bytes)
    }
}
