import Evaluation
import Foundation
import Neural
import Training

/// What `assay inspect` says of a network without running it.
struct ModelReport {
    let name: String
    let layers: [LayerSummary]
    /// Batch size, and bytes of a process that scores images, and of one that trains.
    let memory: [(batch: Int, inference: Int, training: Int)]
    private let parameterCount: Int
    private let size: Int

    init(name: String, graph: Graph, size: Int, threads: Int, _ recipe: Recipe) throws {
        func input(_ images: Int) -> MapShape { MapShape(images: images, height: size, width: size, channels: 3) }
        self.name = name
        self.size = size
        layers = try LayerSummary.layers(graph, input: input(1))
        parameterCount = ParameterLayout(graph).parameterCount
        memory = try [1, 2, 4, 8, 16, 32, 64, 128].map { batch in
            (
                batch, try ScoringMemory(graph, size: size, threads: threads).bytes(batchSize: batch),
                try TrainingMemory(graph, size: size, threads: threads, recipe).bytes(batchSize: batch)
            )
        }
    }

    private var multiplyAdds: Int { layers.reduce(0) { $0 + $1.multiplyAdds } }

    func text() -> String {
        var lines = [Self.row("layer", "kind", "output", "parameters", "multiply-adds")]
        for layer in layers {
            let shape = layer.output
            lines.append(
                Self.row(
                    layer.name, layer.kind, "\(shape.height)x\(shape.width)x\(shape.channels)",
                    "\(layer.parameterCount)", "\(layer.multiplyAdds)"))
        }
        lines += [
            "", "\(name), \(size) px: \(parameterCount) parameters, \(multiplyAdds) multiply-adds an image", "",
            "batch    inference     training   (peak memory, MiB)",
        ]
        for row in memory {
            lines.append(
                String(
                    format: "%5d %12.0f %12.0f", row.batch, Double(row.inference) / 0x1p20,
                    Double(row.training) / 0x1p20))
        }
        return lines.map(\.singleLine).joined(separator: "\n")
    }

    func json() -> JSON {
        .object([
            "name": .string(name), "size": .integer(size), "parameters": .integer(parameterCount),
            "multiply_adds": .integer(multiplyAdds),
            "layers": .array(
                layers.map {
                    .object([
                        "name": .string($0.name), "kind": .string($0.kind),
                        "output": .array(
                            [$0.output.height, $0.output.width, $0.output.channels].map { .integer($0) }),
                        "parameters": .integer($0.parameterCount), "multiply_adds": .integer($0.multiplyAdds),
                    ])
                }),
            "memory": .array(
                memory.map {
                    .object([
                        "batch_size": .integer($0.batch), "inference_bytes": .integer($0.inference),
                        "training_bytes": .integer($0.training),
                    ])
                }),
        ])
    }

    private static func row(_ name: String, _ kind: String, _ output: String, _ count: String, _ adds: String)
        -> String
    {
        name.padded(24) + kind.padded(16) + output.padded(13) + count.padded(-11) + adds.padded(-15)
    }
}

extension String {
    /// Filled with blanks to `width` on the right, or on the left where it is negative; longer text stays whole.
    func padded(_ width: Int) -> String {
        let blanks = String(repeating: " ", count: max(width < 0 ? 0 : 1, abs(width) - count))
        return width < 0 ? blanks + self : self + blanks
    }
}
