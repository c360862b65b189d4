import Neural
import Testing

/// Graphs whose shapes do not fit are refused by the name of the node.
@Suite struct MapShapeTests {
    static let broken: [(expected: String, node: Operation, inputs: [Int])] = [
        ("does not come before it", .relu, [7]), ("does not come before it", .relu, [3]),
        ("expected images of 4 channels", .input(channels: 4), []),
        ("one input of 5 channels", .convolution(in: 5, out: 2, kernel: 1, stride: 1, padding: 0, bias: false), [0]),
        ("at least 9 pixels", .convolution(in: 3, out: 2, kernel: 9, stride: 1, padding: 0, bias: false), [0]),
        ("at least 7 pixels", .convolution(in: 3, out: 2, kernel: 9, stride: 1, padding: 1, bias: false), [0]),
        ("of at least", .convolution(in: 3, out: 2, kernel: 1, stride: 0, padding: 0, bias: false), [0]),
        ("a window of at most 15 pixels", .maxPool(kernel: 16, stride: 1, padding: 8), [0]),
        ("wider than its padding", .maxPool(kernel: 2, stride: 1, padding: 2), [0]),
        ("one input of 2 channels", .batchNorm(channels: 2, epsilon: 1e-5, momentum: 0.1), [0]),
        ("one input", .relu, [0, 1]), ("two inputs of one shape", .add, [0, 1]), ("two inputs of one shape", .add, [0]),
        ("two vectors", .concatenate, [0, 2]), ("two vectors", .concatenate, [2]),
        ("a vector of 3 channels", .linear(in: 3, out: 2, bias: false), [0]),
        ("one input of 4 channels", .linear(in: 4, out: 2, bias: false), [2]),
    ]

    @Test(arguments: broken.indices) func whatDoesNotFitIsNamed(_ index: Int) throws {
        let (expected, operation, inputs) = Self.broken[index]
        var graph = Graph()
        let image = graph.add(.input(channels: 3), name: "images")
        _ = graph.add(.convolution(in: 3, out: 2, kernel: 1, stride: 1, padding: 0, bias: false), name: "c", image)
        _ = graph.add(.globalAveragePool, name: "v", image)
        let shape = MapShape(images: 2, height: 5, width: 5, channels: 3)
        #expect(try graph.shapes(input: shape).count == 3)
        graph.nodes.append(Graph.Node(name: "broken", operation: operation, inputs: inputs))
        let error = #expect(throws: GraphError.self) { try graph.shapes(input: shape) }
        #expect(error?.description.contains(expected) == true && error?.description.contains("'broken'") == true)
    }
}
