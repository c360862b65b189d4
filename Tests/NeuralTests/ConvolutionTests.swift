import Neural
import Testing

/// Every algorithm, forced in turn, against the definition in double precision: a wrong kernel cannot hide behind the
/// tolerance of a fast one. `ASSAY_VECTOR_LEVEL` runs the same for lesser CPUs.
@Suite struct ConvolutionTests {
    /// Channels that fill lanes and panels and that do not, maps of one pixel and of odd sides, tiles cut at the edge.
    static let cases: [ReferenceConvolution] = [
        (2, 8, 8, 16, 32, 3, 1, 1), (3, 9, 13, 20, 37, 3, 1, 1), (1, 1, 1, 48, 5, 3, 1, 1), (2, 5, 6, 64, 96, 3, 1, 1),
        (5, 4, 4, 33, 64, 3, 1, 1), (1, 2, 3, 7, 3, 3, 1, 1), (1, 18, 21, 16, 16, 3, 1, 1),
        (2, 7, 9, 24, 40, 1, 1, 0), (2, 8, 6, 256, 16, 1, 1, 0), (3, 5, 5, 17, 33, 1, 2, 0), (1, 3, 3, 1, 2, 1, 1, 0),
        (2, 9, 7, 16, 18, 3, 2, 1), (1, 16, 16, 32, 48, 3, 2, 1), (3, 13, 8, 20, 37, 3, 2, 1),
        (25, 14, 15, 16, 16, 3, 2, 1),
        (1, 1, 1, 150, 5, 3, 2, 1), (1, 5, 5, 150, 40, 3, 1, 1), (26, 7, 8, 16, 20, 3, 1, 1),
        // Tiles of two and three outputs at the edges of a map, in either direction and both.
        (2, 7, 7, 16, 20, 3, 1, 1), (1, 11, 6, 16, 16, 3, 1, 1), (1, 6, 11, 20, 16, 3, 1, 1),
        (2, 4, 10, 16, 16, 3, 1, 1),
        (2, 6, 8, 16, 16, 3, 1, 1), (1, 8, 11, 16, 16, 3, 1, 1), (40, 6, 7, 16, 16, 3, 1, 1),
        (3, 3, 2, 48, 16, 3, 1, 1),
        (2, 14, 13, 16, 20, 3, 2, 1), (1, 22, 12, 16, 16, 3, 2, 1), (1, 11, 21, 20, 16, 3, 2, 1),
        (2, 8, 20, 16, 16, 3, 2, 1), (2, 12, 15, 16, 16, 3, 2, 1), (1, 16, 21, 16, 16, 3, 2, 1),
        (30, 11, 14, 16, 16, 3, 2, 1), (3, 5, 4, 48, 16, 3, 2, 1),
        (2, 11, 12, 3, 20, 7, 2, 3), (1, 6, 6, 4, 4, 5, 1, 0), (2, 6, 4, 8, 70, 2, 2, 0),
        // A ResNet's first convolution: whole tiles, those cut at each edge, one to four channels, a map of one pixel.
        (2, 32, 48, 3, 64, 7, 2, 3), (3, 21, 19, 1, 16, 7, 2, 3), (1, 19, 23, 4, 37, 7, 2, 3),
        (9, 16, 22, 2, 48, 7, 2, 3), (1, 1, 1, 3, 16, 7, 2, 3), (1, 17, 22, 3, 5, 7, 2, 3),
        // Tiles enough for weight gradients of ranges of them, whole and cut, with both strides.
        (8, 32, 32, 16, 16, 3, 1, 1), (8, 30, 31, 16, 20, 3, 1, 1), (8, 59, 62, 16, 16, 3, 2, 1),
        // Weight gradients that are split into blocks of rows, of columns, and of columns over gathered windows.
        (2, 3, 3, 640, 448, 1, 1, 0), (2, 3, 3, 448, 640, 1, 1, 0), (1, 6, 6, 170, 176, 3, 1, 0),
        // Few tiles: a weight's blocks cut in rows and in columns, of both gradients.
        (1, 5, 5, 40, 150, 3, 1, 1), (2, 7, 6, 150, 200, 3, 2, 1),
    ].map {
        ReferenceConvolution(
            images: $0.0, height: $0.1, width: $0.2, inputs: $0.3, outputs: $0.4, kernel: $0.5, stride: $0.6,
            padding: $0.7)
    }

    @Test(arguments: ConvolutionMethod.allCases, cases.indices)
    func agreesWithItsDefinition(_ method: ConvolutionMethod, _ index: Int) throws {
        let reference = Self.cases[index]
        // The layer under test reads a 1x1 layer, whose own gradient shows what came back through the data gradient.
        var graph = Graph()
        let image = graph.add(.input(channels: 2), name: "images")
        let first = graph.add(
            .convolution(in: 2, out: reference.inputs, kernel: 1, stride: 1, padding: 0, bias: false), name: "a", image)
        _ = graph.add(
            .convolution(
                in: reference.inputs, out: reference.outputs, kernel: reference.kernel, stride: reference.stride,
                padding: reference.padding, bias: false), name: "b", first)
        let parameters = try Parameters(graph)
        for entry in parameters.layout.parameters {
            try parameters.set(entry.name, ReferenceNumbers.value(entry.name, entry.shape))
        }
        let shape = MapShape(images: reference.images, height: reference.height, width: reference.width, channels: 2)
        let pixels = ReferenceNumbers.uniform("pixels", shape.count)
        let plan = try TrainingPlan(
            graph, parameters, input: shape, workers: Workers(count: 2), method: method)
        let y = plan.forward(pixels, randomSeed: 0)
        let dy = ReferenceNumbers.uniform("dy", y.count)
        plan.backward(dy)
        let gradients = parameters.gradientDictionary()

        func weights(_ name: String, _ shape: [Int]) -> [Double] {
            ReferenceNumbers.value(name, shape).values.map(Double.init)
        }
        let before = ReferenceConvolution(
            images: reference.images, height: reference.height, width: reference.width, inputs: 2,
            outputs: reference.inputs, kernel: 1, stride: 1, padding: 0)
        let a = weights("a.weight", [reference.inputs, 2, 1, 1])
        let b = weights(
            "b.weight", [reference.outputs, reference.inputs, reference.kernel, reference.kernel])
        let x = before.forward(pixels.map(Double.init), a)
        let back = reference.gradients(x, b, dy.map(Double.init))
        // Direct: float32 sums of up to a thousand products. Winograd's transforms cost two bits more.
        let tolerance = method == .direct || method == .openBLAS ? 1e-6 : 4e-6
        #expect(relativeError(y, reference.forward(x, b)) < tolerance)
        #expect(relativeError(try #require(gradients["b.weight"]).values, back.weight) < tolerance)
        #expect(
            relativeError(
                try #require(gradients["a.weight"]).values,
                before.gradients(pixels.map(Double.init), a, back.x).weight) < tolerance)
        let inference = try InferencePlan(
            graph, parameters, input: shape, workers: Workers(count: 1), method: method)
        #expect(relativeError(inference.run(pixels, count: reference.images), reference.forward(x, b)) < tolerance)
    }
}
