import Neural
import Testing

/// What no machine holds is refused with a sentence: a size that is read from a file or a command must not end the program.
@Suite struct FloatBufferTests {
    @Test func parametersThatNoMemoryHoldsAreRefused() throws {
        var graph = Graph()
        let image = graph.add(.input(channels: 1 << 22), name: "images")
        _ = graph.add(.linear(in: 1 << 22, out: 1 << 24, bias: false), name: "a", image)
        let error = #expect(throws: GraphError.self) { try Parameters(graph) }
        #expect(error?.description.contains("no memory") == true, "\(String(describing: error))")
    }

    @Test func mapsThatNoMemoryHoldsAreRefused() throws {
        var graph = Graph()
        let image = graph.add(.input(channels: 2), name: "images")
        let first = graph.add(
            .convolution(in: 2, out: 8, kernel: 1, stride: 1, padding: 0, bias: false), name: "a", image)
        _ = graph.add(
            .convolution(in: 8, out: 8, kernel: 1, stride: 1, padding: 0, bias: false), name: "b", first)
        let parameters = try Parameters(graph)
        let shape = MapShape(images: 1, height: 1 << 22, width: 1 << 23, channels: 2)
        #expect(throws: GraphError.self) {
            try TrainingPlan(graph, parameters, input: shape, workers: Workers(count: 1))
        }
        #expect(throws: GraphError.self) {
            try InferencePlan(graph, parameters, input: shape, workers: Workers(count: 1))
        }
    }
}
