import Neural
import Testing

/// Gradients of norms' inputs that the convolutions before them make part by part, against OpenBLAS's products of stored
/// maps.
@Suite struct FusedBackwardTests {
    struct Network: Sendable {
        var images, height, width: Int
        var build: @Sendable (inout Graph, Int) -> Void
    }

    /// Adds a convolution, its norm and a ReLU.
    private static func layer(
        _ graph: inout Graph, _ input: Int, _ output: Int, _ kernel: Int, _ stride: Int, _ name: String, _ value: Int
    ) -> Int {
        let convolution = graph.add(
            .convolution(in: input, out: output, kernel: kernel, stride: stride, padding: kernel / 2, bias: false),
            name: name, value)
        return graph.add(.relu, name: name + ".r", norm(&graph, output, name, convolution))
    }

    private static func norm(_ graph: inout Graph, _ channels: Int, _ name: String, _ value: Int) -> Int {
        graph.add(.batchNorm(channels: channels, epsilon: 1e-5, momentum: 0.1), name: name + ".n", value)
    }

    /// images -> a -> b -> c without its ReLU, + a, ReLU -> d.
    private static func block(
        _ images: Int, _ height: Int, _ width: Int, narrow: Int, wide: Int, last: Int
    ) -> Network {
        Network(images: images, height: height, width: width) { graph, image in
            let first = layer(&graph, 2, narrow, 1, 1, "a", image)
            let second = layer(&graph, narrow, wide, 1, 1, "b", first)
            let third = graph.add(
                .convolution(in: wide, out: narrow, kernel: 1, stride: 1, padding: 0, bias: false), name: "c", second)
            let sum = graph.add(.add, name: "t", norm(&graph, narrow, "c", third), first)
            _ = graph.add(
                .convolution(in: narrow, out: last, kernel: 1, stride: 1, padding: 0, bias: false), name: "d",
                graph.add(.relu, name: "u", sum))
        }
    }

    static let networks: [Network] = [
        // Several blocks a range, the last of them cut; more than one panel of channels; 8 ranges and 16; a single one.
        block(2, 40, 36, narrow: 32, wide: 96, last: 3), block(3, 31, 13, narrow: 96, wide: 64, last: 3),
        block(2, 29, 21, narrow: 256, wide: 288, last: 3), block(1, 5, 7, narrow: 64, wide: 32, last: 3),
        // Gates that lie where a data gradient would, did they not live until it is there.
        block(2, 40, 36, narrow: 32, wide: 96, last: 64), block(2, 40, 36, narrow: 64, wide: 32, last: 160),
        // The same of a stored output.
        Network(images: 2, height: 24, width: 20) { graph, image in
            let first = layer(&graph, 2, 32, 3, 1, "a", image)
            let second = layer(&graph, 32, 64, 1, 1, "b", first)
            let mean = graph.add(.globalAveragePool, name: "m", second)
            _ = graph.add(.linear(in: 64, out: 5, bias: true), name: "l", mean)
        },
        // A pool makes the gradient of a norm's output, after a 1x1 layer, and after a ResNet's first one whose last row of
        // tiles is cut.
        Network(images: 2, height: 16, width: 18) { graph, image in
            let pooled = graph.add(
                .maxPool(kernel: 2, stride: 2, padding: 0), name: "p", layer(&graph, 2, 32, 1, 1, "a", image))
            _ = layer(&graph, 32, 32, 1, 1, "b", pooled)
        },
        Network(images: 3, height: 40, width: 34) { graph, image in
            let pooled = graph.add(
                .maxPool(kernel: 3, stride: 2, padding: 1), name: "p", layer(&graph, 2, 32, 7, 2, "a", image))
            _ = layer(&graph, 32, 48, 3, 1, "b", pooled)
        },
        // A first layer without a pool.
        Network(images: 3, height: 38, width: 50) { graph, image in
            _ = layer(&graph, 32, 16, 1, 1, "b", layer(&graph, 2, 32, 7, 2, "a", image))
        },
        // Tiles enough for ranges of them, the last one shorter, and whose number no range divides.
        Network(images: 9, height: 32, width: 31) { graph, image in
            _ = layer(&graph, 16, 20, 3, 1, "b", layer(&graph, 2, 16, 1, 1, "a", image))
        },
        // So many channels that a Winograd goes position by position, by chunks of tiles, with both strides.
        Network(images: 6, height: 28, width: 27) { graph, image in
            _ = layer(&graph, 16, 496, 3, 1, "b", layer(&graph, 2, 16, 1, 1, "a", image))
        },
        Network(images: 8, height: 30, width: 29) { graph, image in
            _ = layer(&graph, 16, 496, 3, 2, "b", layer(&graph, 2, 16, 1, 1, "a", image))
        },
        // Maps so large that they are stored past the caches: of 1x1 layers with gates and without, of a ResNet's first layer,
        // and of a 3x3 layer with steps of two.
        block(2, 160, 158, narrow: 32, wide: 32, last: 3),
        Network(images: 3, height: 224, width: 260) { graph, image in
            // Without gates, of which a rounding in the last place would open one or two among a million.
            let stem = graph.add(
                .convolution(in: 2, out: 48, kernel: 7, stride: 2, padding: 3, bias: false), name: "a", image)
            _ = graph.add(
                .convolution(in: 48, out: 16, kernel: 1, stride: 1, padding: 0, bias: false), name: "b",
                norm(&graph, 48, "a", stem))
        },
        Network(images: 2, height: 150, width: 162) { graph, image in
            _ = layer(&graph, 32, 136, 3, 2, "b", layer(&graph, 2, 32, 1, 1, "a", image))
        },
    ]

    private func gradients(
        _ network: Network, _ method: ConvolutionMethod, threads: Int = 2, trains: (String) -> Bool = { _ in true }
    ) throws -> [String: NamedTensor] {
        var graph = Graph()
        network.build(&graph, graph.add(.input(channels: 2), name: "images"))
        let parameters = try Parameters(graph)
        for entry in parameters.layout.parameters {
            try parameters.set(entry.name, ReferenceNumbers.value(entry.name, entry.shape))
        }
        let shape = MapShape(images: network.images, height: network.height, width: network.width, channels: 2)
        let plan = try TrainingPlan(
            graph, parameters, input: shape, workers: Workers(count: threads), method: method, trains: trains)
        let y = plan.forward(ReferenceNumbers.uniform("pixels", shape.count), randomSeed: 0)
        plan.backward(ReferenceNumbers.uniform("dy", y.count))
        return parameters.gradientDictionary()
    }

    private func expectEqual(_ a: [String: NamedTensor], _ b: [String: NamedTensor], _ tolerance: Double) {
        #expect(a.keys.sorted() == b.keys.sorted())
        for (name, tensor) in a {
            #expect(relativeError(tensor.values, (b[name]?.values ?? []).map(Double.init)) < tolerance, "\(name)")
        }
    }

    @Test(arguments: networks.indices)
    func agreesWithProductsOfStoredMaps(_ index: Int) throws {
        let network = Self.networks[index]
        let expected = try gradients(network, .openBLAS)
        expectEqual(try gradients(network, .direct), expected, 3e-5)
        expectEqual(try gradients(network, .winograd), expected, 1e-4)
    }

    @Test(arguments: [["a.n", "b.n", "c.n"], ["b.weight", "d.weight"], ["a.weight"]])
    func frozenLayersDoNotMatter(_ trained: [String]) throws {
        func trains(_ name: String) -> Bool { trained.contains { name.hasPrefix($0) } }
        let some = try gradients(Self.networks[0], .direct, trains: trains).filter { trains($0.key) }
        #expect(!some.isEmpty)
        expectEqual(some, try gradients(Self.networks[0], .direct).filter { trains($0.key) }, 1e-6)
    }

    @Test(arguments: networks.indices)
    func threadsDoNotChangeABit(_ index: Int) throws {
        let two = try gradients(Self.networks[index], .winograd)
        for threads in [1, 5] {
            let other = try gradients(Self.networks[index], .winograd, threads: threads)
            for (name, tensor) in two { #expect(tensor.values == other[name]?.values, "\(name)") }
        }
    }
}
