/// The shape of a feature map `[images, height, width, channels]`; a vector `[N, C]` has height and width 1.
public struct MapShape: Sendable, Equatable, CustomStringConvertible {
    public var images: Int
    public var height: Int
    public var width: Int
    public var channels: Int

    public init(images: Int, height: Int, width: Int, channels: Int) {
        self.images = images
        self.height = height
        self.width = width
        self.channels = channels
    }

    /// Positions over all images: the rows of the map as a matrix `[rows, channels]`.
    public var rows: Int { images * height * width }
    public var count: Int { rows * channels }

    /// Whether a map of 6 MB or more had better be stored past the caches: a line that is stored whole need not be read first,
    /// and where others use the third cache, too, little of the map would be there for whoever reads it next (a training
    /// step of ResNet-18 at 224 px, 16 images: 2 to 4 % less time from 6 MB on than from 25 MB on).
    var isStreamed: Bool { count >= 3 << 19 }

    /// The same maps of other images.
    func of(images: Int) -> MapShape {
        MapShape(images: images, height: height, width: width, channels: channels)
    }

    public var description: String { "[\(images), \(height), \(width), \(channels)]" }
}

extension Graph {
    /// The output shape of every node for images of `input`.
    /// - Throws: `GraphError` naming the node where shapes do not fit.
    public func shapes(input: MapShape) throws -> [MapShape] {
        var shapes: [MapShape] = []
        for (index, node) in nodes.enumerated() {
            guard node.inputs.allSatisfy({ (0..<index).contains($0) }) else {
                throw GraphError("node '\(node.name)' reads a node that does not come before it")
            }
            shapes.append(try shape(of: node, from: node.inputs.map { shapes[$0] }, input: input))
        }
        return shapes
    }

    private func shape(of node: Node, from inputs: [MapShape], input: MapShape) throws -> MapShape {
        func fail(_ expected: String) -> GraphError {
            GraphError(
                "node '\(node.name)': expected \(expected), got \(inputs.map(\.description).joined(separator: ", "))")
        }
        func one(channels: Int?) throws -> MapShape {
            guard inputs.count == 1, channels == nil || inputs[0].channels == channels else {
                throw fail("one input" + (channels.map { " of \($0) channels" } ?? ""))
            }
            return inputs[0]
        }
        func window(_ shape: MapShape, _ kernel: Int, _ stride: Int, _ padding: Int, _ channels: Int) throws -> MapShape
        {
            let (height, width) = (shape.height + 2 * padding - kernel, shape.width + 2 * padding - kernel)
            guard height >= 0, width >= 0, stride > 0 else {
                throw fail("a map of at least \(kernel - 2 * padding) pixels")
            }
            return MapShape(
                images: shape.images, height: height / stride + 1, width: width / stride + 1, channels: channels)
        }
        switch node.operation {
        case .input(let channels):
            guard inputs.isEmpty, input.channels == channels, input.height > 0, input.width > 0 else {
                throw GraphError("node '\(node.name)': expected images of \(channels) channels, got \(input)")
            }
            return input
        case .convolution(let from, let to, let kernel, let stride, let padding, _):
            return try window(try one(channels: from), kernel, stride, padding, to)
        case .maxPool(let kernel, let stride, let padding):
            let shape = try one(channels: nil)
            guard kernel <= 15, padding < kernel else {
                throw fail("a window of at most 15 pixels wider than its padding")
            }
            return try window(shape, kernel, stride, padding, shape.channels)
        case .batchNorm(let channels, _, _): return try one(channels: channels)
        case .relu, .dropout: return try one(channels: nil)
        case .add:
            guard inputs.count == 2, inputs[0] == inputs[1] else { throw fail("two inputs of one shape") }
            return inputs[0]
        case .globalAveragePool, .globalMaxPool:
            let shape = try one(channels: nil)
            return MapShape(images: shape.images, height: 1, width: 1, channels: shape.channels)
        case .concatenate:
            guard inputs.count == 2, inputs.allSatisfy({ $0.height == 1 && $0.width == 1 }) else {
                throw fail("two vectors")
            }
            return MapShape(
                images: inputs[0].images, height: 1, width: 1, channels: inputs[0].channels + inputs[1].channels)
        case .linear(let from, let to, _):
            let shape = try one(channels: from)
            guard shape.height == 1, shape.width == 1 else { throw fail("a vector of \(from) channels") }
            return MapShape(images: shape.images, height: 1, width: 1, channels: to)
        }
    }
}
