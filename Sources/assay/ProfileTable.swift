import Evaluation
import Foundation
import Neural

/// The time of each layer beside what the machine could do at best.
struct ProfileTable {
    let layers: [LayerProfile]
    let batchSize: Int
    /// Floating-point operations a second.
    let peak: Double

    private var seconds: Double { layers.reduce(0) { $0 + $1.seconds } }

    private func share(_ multiplyAdds: (LayerProfile) -> Int) -> Double {
        seconds > 0 ? 2 * Double(layers.reduce(0) { $0 + multiplyAdds($1) }) / seconds / peak : 0
    }

    func text() -> String {
        var lines = [
            "layer".padded(24) + "kind".padded(16) + "method".padded(10) + "      ms  share  GFLOPS  of peak  executed"
        ]
        for layer in layers {
            let speed =
                layer.multiplyAdds > 0
                ? String(
                    format: "%7.0f %7.0f%% %8.0f%%", layer.flops / 1e9, 100 * layer.flops / peak,
                    100 * layer.executedFlops / peak) : ""
            lines.append(
                layer.name.padded(24) + layer.kind.padded(16) + (layer.method ?? "").padded(10)
                    + String(format: "%8.2f %5.1f%% ", layer.seconds * 1000, 100 * layer.seconds / max(seconds, 1e-9))
                    + speed)
        }
        lines += [
            "",
            String(
                format: "%.2f ms an image, %.0f%% of the peak of %.0f GFLOPS, executed %.0f%%.",
                1000 * seconds / Double(batchSize), 100 * share(\.multiplyAdds), peak / 1e9,
                100 * share(\.executedMultiplyAdds)),
            "GFLOPS and 'of peak' count products directly; Winograd needs fewer, 'executed', and may pass 100 %.",
        ]
        return lines.map(\.singleLine).joined(separator: "\n")
    }

    func json() -> JSON {
        .object([
            "batch_size": .integer(batchSize), "peak_flops": .number(peak),
            "seconds_per_image": .number(seconds / Double(batchSize)),
            "share_of_peak": .number(share(\.multiplyAdds)),
            "executed_share_of_peak": .number(share(\.executedMultiplyAdds)),
            "layers": .array(
                layers.map {
                    .object([
                        "name": .string($0.name), "kind": .string($0.kind),
                        "method": $0.method.map { .string($0) } ?? .null, "seconds": .number($0.seconds),
                        "multiply_adds": .integer($0.multiplyAdds),
                        "executed_multiply_adds": .integer($0.executedMultiplyAdds),
                        "share_of_peak": .number($0.flops / peak),
                        "executed_share_of_peak": .number($0.executedFlops / peak),
                    ])
                }),
        ])
    }
}
