import Neural

/// ONNX files (https://onnx.ai): opset 17, IR version 8, one file.
///
/// Input `input` `[batch, 3, H, W]`, normalised; output 0 `logits` and output 1 `probabilities`, `[batch, labels]`.
public enum ONNXModel {
    static let opset = 17

    /// Writes a graph with its weights. Deterministic: equal input, equal bytes.
    /// - Parameter metadata: goes to `metadata_props`, sorted by key.
    /// - Throws: `GraphError` if shapes do not fit, `ModelFileError` naming a weight that is missing.
    public static func write(
        graph: Graph, weights: StateDictionary, inputHeight: Int, inputWidth: Int, metadata: [String: String] = [:]
    ) throws -> [UInt8] {
        guard case .input(let channels)? = graph.nodes.first?.operation else {
            throw ModelFileError("model.onnx", "cannot be written: the graph has no input")
        }
        let shapes = try graph.shapes(
            input: MapShape(images: 1, height: inputHeight, width: inputWidth, channels: channels))
        var body = ONNXGraphWriter(graph: graph, weights: weights)
        try body.nodes()
        var model = ProtobufWriter()
        model.integer(1, 8)
        model.string(2, "assay")
        model.message(7) { file in
            for node in body.written { file.data(1, node) }
            file.string(2, "assay")
            for tensor in body.initializers { file.data(5, tensor) }
            file.message(11) { Self.valueInfo(&$0, "input", [channels, inputHeight, inputWidth]) }
            let labels = shapes[shapes.count - 1].channels
            for name in ["logits", "probabilities"] { file.message(12) { Self.valueInfo(&$0, name, [labels]) } }
        }
        model.message(8) {
            $0.string(1, "")
            $0.integer(2, opset)
        }
        for key in metadata.keys.sorted() {
            model.message(14) {
                $0.string(1, key)
                $0.string(2, metadata[key] ?? "")
            }
        }
        return model.bytes
    }

    /// A float tensor with a symbolic first dimension.
    private static func valueInfo(_ message: inout ProtobufWriter, _ name: String, _ dimensions: [Int]) {
        message.string(1, name)
        message.message(2) { type in
            type.message(1) { tensor in
                tensor.integer(1, 1)
                tensor.message(2) { shape in
                    shape.message(1) { $0.string(2, "batch") }
                    for dimension in dimensions { shape.message(1) { $0.integer(1, dimension) } }
                }
            }
        }
    }
}
