import Neural
import Testing

/// Sums that take the place of what they add, against a training plan's forward pass, which stores each value apart.
@Suite struct InferenceLayoutTests {
    /// Channels that fill panels, lanes, and neither; kernels of every algorithm.
    static let cases = [(32, 1), (20, 1), (37, 1), (64, 3), (20, 3), (37, 3), (16, 3)]

    private static func convolution(_ graph: inout Graph, _ channels: Int, _ kernel: Int, _ name: String, _ input: Int)
        -> Int
    {
        graph.add(
            .convolution(
                in: channels, out: channels, kernel: kernel, stride: 1, padding: kernel / 2, bias: true), name: name,
            input)
    }

    /// x -> a; a + c(b(a)), whose place is a's; then d reads and adds the sum, which must lie elsewhere; then a block adds
    /// d's result, which is read once more at the end.
    private static func graph(channels: Int, kernel: Int) -> Graph {
        var graph = Graph()
        let image = graph.add(.input(channels: 2), name: "images")
        let a = graph.add(
            .convolution(in: 2, out: channels, kernel: 1, stride: 1, padding: 0, bias: false), name: "a", image)
        let b = convolution(&graph, channels, kernel, "b", a)
        let c = convolution(&graph, channels, kernel, "c", b)
        let first = graph.add(.relu, name: "r1", graph.add(.add, name: "s1", c, a))
        let d = convolution(&graph, channels, kernel, "d", first)
        let second = graph.add(.relu, name: "r2", graph.add(.add, name: "s2", d, first))
        let e = convolution(&graph, channels, kernel, "e", convolution(&graph, channels, kernel, "e0", second))
        let third = graph.add(.relu, name: "r3", graph.add(.add, name: "s3", e, second))
        let f = convolution(&graph, channels, kernel, "f", third)
        _ = graph.add(.add, name: "s4", f, second)
        return graph
    }

    @Test(arguments: ConvolutionMethod.allCases, cases.indices)
    func sumsInPlaceAreTheSameSums(_ method: ConvolutionMethod, _ index: Int) throws {
        let (channels, kernel) = Self.cases[index]
        let graph = Self.graph(channels: channels, kernel: kernel)
        let parameters = try Parameters(graph)
        for entry in parameters.layout.parameters {
            try parameters.set(entry.name, ReferenceNumbers.value(entry.name, entry.shape))
        }
        let shape = MapShape(images: 3, height: 9, width: 7, channels: 2)
        let pixels = ReferenceNumbers.uniform("pixels", shape.count)
        let training = try TrainingPlan(graph, parameters, input: shape, workers: Workers(count: 2), method: .direct)
        let expected = training.forward(pixels, randomSeed: 0)
        let inference = try InferencePlan(graph, parameters, input: shape, workers: Workers(count: 2), method: method)
        #expect(relativeError(inference.run(pixels, count: 3), expected.map(Double.init)) < 4e-6)
    }

    /// A block adds where its input lies: two maps beside the image, not three.
    @Test func aBlockNeedsTwoMaps() throws {
        var graph = Graph()
        let image = graph.add(.input(channels: 2), name: "images")
        var x = graph.add(
            .convolution(in: 2, out: 32, kernel: 1, stride: 1, padding: 0, bias: false), name: "a", image)
        for block in 0..<3 {
            let inner = Self.convolution(&graph, 32, 1, "b\(block)", x)
            let outer = Self.convolution(&graph, 32, 1, "c\(block)", inner)
            x = graph.add(.relu, name: "r\(block)", graph.add(.add, name: "s\(block)", outer, x))
        }
        let shape = MapShape(images: 1, height: 16, width: 16, channels: 2)
        let layout = try InferenceLayout(graph, input: shape, threads: 1)
        #expect(layout.memory.activations == 4 * (2 * 32 * 256 + 2 * 256))
    }
}
