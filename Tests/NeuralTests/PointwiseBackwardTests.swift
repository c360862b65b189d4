import Neural
import Testing

/// A norm's gradient that the 1x1 convolution before it makes block by block, against OpenBLAS's products of stored maps.
@Suite struct PointwiseBackwardTests {
    /// Several blocks a range, the last of them cut; more than one vector and panel of channels; 8 ranges and 16; a single one.
    static let cases: [(images: Int, height: Int, width: Int, narrow: Int, wide: Int)] = [
        (2, 40, 36, 32, 96), (3, 31, 13, 96, 64), (2, 29, 21, 256, 288), (1, 5, 7, 64, 32),
    ]

    /// images -> a, norm, ReLU -> b, norm, ReLU -> c, norm, + the first ReLU, ReLU -> d.
    private func network(_ narrow: Int, _ wide: Int) throws -> (Graph, Parameters) {
        var graph = Graph()
        func pointwise(_ input: Int, _ output: Int, _ name: String, _ value: Int) -> Int {
            graph.add(
                .convolution(in: input, out: output, kernel: 1, stride: 1, padding: 0, bias: false), name: name, value)
        }
        func norm(_ channels: Int, _ name: String, _ value: Int) -> Int {
            graph.add(.batchNorm(channels: channels, epsilon: 1e-5, momentum: 0.1), name: name, value)
        }
        let images = graph.add(.input(channels: 2), name: "images")
        let first = graph.add(.relu, name: "r", norm(narrow, "a.n", pointwise(2, narrow, "a", images)))
        let second = graph.add(.relu, name: "s", norm(wide, "b.n", pointwise(narrow, wide, "b", first)))
        let third = norm(narrow, "c.n", pointwise(wide, narrow, "c", second))
        let sum = graph.add(.relu, name: "u", graph.add(.add, name: "t", third, first))
        _ = pointwise(narrow, 3, "d", sum)
        let parameters = try Parameters(graph)
        for entry in parameters.layout.parameters {
            try parameters.set(entry.name, ReferenceNumbers.value(entry.name, entry.shape))
        }
        return (graph, parameters)
    }

    private func gradients(
        _ index: Int, _ method: ConvolutionMethod, threads: Int = 2, trains: (String) -> Bool = { _ in true }
    ) throws -> [String: NamedTensor] {
        let (images, height, width, narrow, wide) = Self.cases[index]
        let (graph, parameters) = try network(narrow, wide)
        let shape = MapShape(images: images, height: height, width: width, channels: 2)
        let plan = try TrainingPlan(
            graph, parameters, input: shape, workers: Workers(count: threads), method: method, trains: trains)
        let y = plan.forward(ReferenceNumbers.uniform("pixels", shape.count), randomSeed: 0)
        plan.backward(ReferenceNumbers.uniform("dy", y.count))
        return parameters.gradientDictionary()
    }

    private func expectEqual(_ a: [String: NamedTensor], _ b: [String: NamedTensor]) {
        #expect(a.keys.sorted() == b.keys.sorted())
        for (name, tensor) in a {
            #expect(relativeError(tensor.values, (b[name]?.values ?? []).map(Double.init)) < 3e-5, "\(name)")
        }
    }

    @Test(arguments: cases.indices)
    func agreesWithProductsOfStoredMaps(_ index: Int) throws {
        expectEqual(try gradients(index, .direct), try gradients(index, .openBLAS))
    }

    @Test(arguments: [["a.n", "b.n", "c.n"], ["b.weight", "d.weight"], ["a.weight"]])
    func computesNoMoreThanIsTrained(_ trained: [String]) throws {
        func trains(_ name: String) -> Bool { trained.contains { name.hasPrefix($0) } }
        let some = try gradients(0, .direct, trains: trains).filter { trains($0.key) }
        #expect(!some.isEmpty)
        expectEqual(some, try gradients(0, .direct).filter { trains($0.key) })
    }

    @Test(arguments: [1, 5])
    func threadsDoNotChangeABit(_ threads: Int) throws {
        let (one, other) = (try gradients(0, .direct, threads: threads), try gradients(0, .direct))
        for (name, tensor) in one { #expect(tensor.values == other[name]?.values, "\(name)") }
    }
}
