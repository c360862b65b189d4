import Foundation
import Neural

/// The graph in plain loops and double precision: slow, obvious, and what finite differences are taken of.
struct OracleNetwork {
    let graph: Graph
    /// PyTorch's shapes and order.
    var parameters: [String: [Double]]
    /// Whether batch norms take their running statistics instead of the batch's.
    var isInference = false

    /// Logits of images `[N, H, W, C]`.
    func forward(_ images: [Double], _ input: MapShape) throws -> [Double] {
        let shapes = try graph.shapes(input: input)
        var values: [[Double]] = []
        for (index, node) in graph.nodes.enumerated() {
            let inputs = node.inputs.map { values[$0] }
            let from = node.inputs.first.map { shapes[$0] } ?? input
            values.append(apply(node, inputs, from, shapes[index], images))
        }
        return values[values.count - 1]
    }

    private func parameter(_ node: Graph.Node, _ suffix: String) -> [Double] {
        parameters["\(node.name).\(suffix)"] ?? []
    }

    private func apply(
        _ node: Graph.Node, _ inputs: [[Double]], _ from: MapShape, _ to: MapShape, _ images: [Double]
    ) -> [Double] {
        switch node.operation {
        case .input: return images
        case .convolution(_, _, let kernel, let stride, let padding, let bias):
            return window(from, to, kernel, stride, padding) { n, taps, o in
                taps.reduce(bias ? parameter(node, "bias")[o] : 0) { sum, tap in
                    (0..<from.channels).reduce(sum) { sum, i in
                        let weight = parameter(node, "weight")[
                            ((o * from.channels + i) * kernel + tap.ky) * kernel + tap.kx]
                        return sum + weight * inputs[0][tap.at * from.channels + i]
                    }
                }
            }
        case .maxPool(let kernel, let stride, let padding):
            return window(from, to, kernel, stride, padding) { _, taps, o in
                taps.map { inputs[0][$0.at * from.channels + o] }.max() ?? 0
            }
        case .batchNorm(let channels, let epsilon, _):
            var result = inputs[0]
            for c in 0..<channels {
                let column = Swift.stride(from: c, to: result.count, by: channels).map { inputs[0][$0] }
                var mean = column.reduce(0, +) / Double(column.count)
                var variance = column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(column.count)
                if isInference {
                    (mean, variance) = (parameter(node, "running_mean")[c], parameter(node, "running_var")[c])
                }
                let scale = parameter(node, "weight")[c] / (variance + Double(epsilon)).squareRoot()
                for r in 0..<column.count {
                    result[r * channels + c] = (column[r] - mean) * scale + parameter(node, "bias")[c]
                }
            }
            return result
        case .relu: return inputs[0].map { max(0, $0) }
        case .add: return zip(inputs[0], inputs[1]).map(+)
        case .globalAveragePool, .globalMaxPool:
            return (0..<from.images * from.channels).map { index in
                let (n, c) = (index / from.channels, index % from.channels)
                let area = from.height * from.width
                let column = (0..<area).map { inputs[0][(n * area + $0) * from.channels + c] }
                if case .globalMaxPool = node.operation { return column.max() ?? 0 }
                return column.reduce(0, +) / Double(area)
            }
        case .concatenate:
            let (a, b) = (inputs[0].count / to.images, inputs[1].count / to.images)
            var joined: [Double] = []
            for n in 0..<to.images {
                joined += inputs[0][n * a..<(n + 1) * a]
                joined += inputs[1][n * b..<(n + 1) * b]
            }
            return joined
        case .dropout: return inputs[0]
        case .linear(let input, let output, let bias):
            return (0..<from.images * output).map { index in
                let (n, o) = (index / output, index % output)
                let start: Double = bias ? parameter(node, "bias")[o] : 0
                let (row, values) = (parameter(node, "weight"), inputs[0])
                return (0..<input).reduce(start) { (sum: Double, i: Int) -> Double in
                    sum + row[o * input + i] * values[n * input + i]
                }
            }
        }
    }

    private typealias Tap = (at: Int, ky: Int, kx: Int)

    private func window(
        _ from: MapShape, _ to: MapShape, _ kernel: Int, _ stride: Int, _ padding: Int,
        _ body: (Int, [Tap], Int) -> Double
    ) -> [Double] {
        var result: [Double] = []
        for n in 0..<to.images {
            for y in 0..<to.height {
                for x in 0..<to.width {
                    var taps: [Tap] = []
                    for ky in 0..<kernel {
                        for kx in 0..<kernel {
                            let (iy, ix) = (y * stride - padding + ky, x * stride - padding + kx)
                            guard (0..<from.height).contains(iy), (0..<from.width).contains(ix) else { continue }
                            taps.append(((n * from.height + iy) * from.width + ix, ky, kx))
                        }
                    }
                    for c in 0..<to.channels { result.append(body(n, taps, c)) }
                }
            }
        }
        return result
    }
}
