import Foundation
import Neural
import Testing

/// The numbers that Fixtures/make_fixtures.py draws, so that neither weights nor images need storing.
enum ReferenceNumbers {
    /// SplitMix64 over FNV-1a of the name: uniform in [-1, 1).
    static func uniform(_ name: String, _ count: Int) -> [Float] {
        var seed: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name.utf8 { seed = (seed ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return (0..<count).map { index in
            var z = seed &+ UInt64(index + 1) &* 0x9E37_79B9_7F4A_7C15
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            z ^= z >> 31
            return Float(z >> 40) * 0x1p-23 - 1
        }
    }

    /// - Parameter isFirm: every other channel of a norm is below zero, and few values are near their ReLU's gate.
    static func value(_ name: String, _ shape: [Int], isFirm: Bool = false) -> NamedTensor {
        let u = uniform(name, shape.reduce(1, *))
        let values: [Float]
        if name.hasSuffix("running_mean") {
            values = u.map { Float(0.1 * Double($0)) }
        } else if name.hasSuffix("running_var") {
            values = u.map { Float(1 + 0.5 * Double(abs($0))) }
        } else if isFirm, shape.count == 1, name.contains("bn") || name.contains("downsample") {
            let isWeight = name.hasSuffix("weight")
            values = u.indices.map { index in
                let side = isWeight ? 0.4 : index % 2 == 0 ? 1 : -1
                return Float(side * (1 + 0.1 * Double(u[index])))
            }
        } else if shape.count == 1 {
            let one = name.contains(".bn3.") ? 0.2 : 1
            values = u.map { Float((name.hasSuffix("weight") ? one : 0) + 0.1 * one * Double($0)) }
        } else {
            let bound = (6 / Float(shape.dropFirst().reduce(1, *))).squareRoot()
            values = u.map { $0 * bound }
        }
        return NamedTensor(shape: shape, values: values)
    }

    static func images(_ count: Int, _ height: Int, _ width: Int, draw: Int = 0) -> [Float] {
        uniform("images \(count) \(height) \(width) \(draw)", count * height * width * 3)
    }

    static func targets(_ count: Int, labels: Int) -> [Float] {
        uniform("targets \(count)", count * labels).map { $0 > 0 ? 1 : 0 }
    }

    static func samples(_ name: String, _ tensor: [Float]) -> [Float] {
        uniform("samples " + name, 24).map { tensor[Int((Double($0) + 1) / 2 * Double(tensor.count))] }
    }

    /// A network with the reference weights, dropout switched off.
    static func network(
        _ arch: String, _ head: String, labels: Int, isFirm: Bool = false
    ) throws -> (Graph, Parameters) {
        let kind = try #require(ResNet.Head(rawValue: head))
        var graph = try ResNet(named: arch).graph(labelCount: labels, head: kind)
        for index in graph.nodes.indices {
            if case .dropout = graph.nodes[index].operation {
                graph.nodes[index].operation = .dropout(probability: 0)
            }
        }
        let parameters = try Parameters(graph)
        for entry in parameters.layout.parameters + parameters.layout.buffers {
            try parameters.set(entry.name, value(entry.name, entry.shape, isFirm: isFirm))
        }
        return (graph, parameters)
    }
}

/// |a - b| / |b| in the Euclidean norm; infinite if one has more numbers than the other.
func relativeError(_ a: [Float], _ b: [Double]) -> Double {
    guard a.count == b.count else { return .infinity }
    let difference = zip(a, b).reduce(0) { $0 + ($1.0.isNaN ? .infinity : pow(Double($1.0) - $1.1, 2)) }
    let norm = b.reduce(0) { $0 + $1 * $1 }
    return (difference / max(norm, 1e-300)).squareRoot()
}

struct ResNetFixture: Codable {
    struct Inference: Codable, Sendable {
        var arch, head: String
        var height, width: Int
        var logits: [Double]
    }
    struct Gradient: Codable, Sendable {
        var norm: Double
        var samples: [Double]
    }
    struct Training: Codable, Sendable {
        var arch, head: String
        var count, height, width, draw: Int
        var firm: Bool
        var loss, noise: Double
        var logits: [Double]
        var gradients: [String: Gradient]
        var running: [String: [Double]]
    }
    struct Trajectory: Codable, Sendable {
        var arch: String
        var count, size, draw: Int
        var lr: Double
        var losses: [Double]
    }
    var inference: [Inference]
    var training: [Training]
    var adam: Trajectory

    static func read(_ file: String = #filePath) throws -> ResNetFixture {
        let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
        return try JSONDecoder().decode(
            ResNetFixture.self, from: Data(contentsOf: folder.appendingPathComponent("Fixtures/resnet.json")))
    }
}
