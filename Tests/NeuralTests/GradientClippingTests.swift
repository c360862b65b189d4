import Foundation
import Neural
import Testing

/// Against torch's `clip_grad_norm_`; see Fixtures/make_clipping.py.
@Suite struct GradientClippingTests {
    struct Case: Decodable {
        var limit, norm: Double
        var gradients: [String: [Double]]
    }

    private static func cases() throws -> [Case] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Fixtures/clipping.json")
        return try JSONDecoder().decode([Case].self, from: Data(contentsOf: file))
    }

    /// Two linear layers after a backward pass.
    private func trained(workers: Workers, gradient scale: Float = 1) throws -> Parameters {
        var graph = Graph()
        let image = graph.add(.input(channels: 3), name: "images")
        let first = graph.add(.linear(in: 3, out: 5, bias: true), name: "a", image)
        _ = graph.add(.linear(in: 5, out: 2, bias: true), name: "b", first)
        let parameters = try Parameters(graph)
        for entry in parameters.layout.parameters {
            try parameters.set(
                entry.name,
                NamedTensor(shape: entry.shape, values: ReferenceNumbers.uniform(entry.name, entry.count)))
        }
        let plan = try TrainingPlan(
            graph, parameters, input: MapShape(images: 4, height: 1, width: 1, channels: 3), workers: workers)
        _ = plan.forward(ReferenceNumbers.uniform("images", 12), randomSeed: 0)
        plan.backward(ReferenceNumbers.uniform("gradient", 8).map { $0 * scale })
        return parameters
    }

    @Test func clipsAsTorch() throws {
        let workers = Workers(count: 2)
        let cases = try Self.cases()
        #expect(cases.map { $0.limit < $0.norm } == [true, true, false])
        for expected in cases {
            let parameters = try trained(workers: workers)
            let norm = parameters.clipGradients(norm: expected.limit, workers: workers) { _ in true }
            #expect(abs(norm - expected.norm) < 1e-6 * expected.norm)
            for (name, tensor) in parameters.gradientDictionary() {
                #expect(relativeError(tensor.values, try #require(expected.gradients[name])) < 1e-6, "\(name)")
            }
        }
    }

    /// torch adds 1e-6 to the norm that it divides by, which shows where that is small.
    @Test func smallNormsAreDividedByALittleMore() throws {
        let workers = Workers(count: 1)
        let parameters = try trained(workers: workers, gradient: 1e-6)
        let plain = parameters.gradientDictionary()
        let norm = parameters.clipGradients(norm: 1e-6, workers: workers) { _ in true }
        #expect(norm > 1.5e-6 && norm < 1e-5)
        for (name, tensor) in parameters.gradientDictionary() {
            let expected = try #require(plain[name]).values.map { Double($0) * 1e-6 / (norm + 1e-6) }
            #expect(relativeError(tensor.values, expected) < 1e-6, "\(name)")
        }
    }

    /// A frozen layer's gradient is nobody's, and is left out of the norm and of the scaling.
    @Test func onlyTrainedParametersCount() throws {
        let workers = Workers(count: 1)
        let (parameters, whole) = (try trained(workers: workers), try trained(workers: workers).gradientDictionary())
        let norm = parameters.clipGradients(norm: 0.5, workers: workers) { $0.hasPrefix("b.") }
        let last = whole.filter { $0.key.hasPrefix("b.") }.flatMap(\.value.values)
        #expect(abs(norm - last.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()) < 1e-6)
        let clipped = parameters.gradientDictionary()
        #expect(clipped["a.weight"] == whole["a.weight"] && clipped["b.weight"] != whole["b.weight"])
    }

    /// Millions of gradients, in pieces: the same bits at any thread count, and the plain sum's norm.
    @Test func threadsDoNotMatter() throws {
        let graph = try ResNet(named: "resnet18").graph(labelCount: 3, head: .linear)
        var bits: [[String: NamedTensor]] = []
        for count in [1, 2, 5] {
            let workers = Workers(count: count)
            let parameters = try Parameters(graph)
            parameters.initialise(seed: 4)
            let plan = try TrainingPlan(
                graph, parameters, input: MapShape(images: 2, height: 32, width: 32, channels: 3), workers: workers)
            _ = plan.forward(ReferenceNumbers.images(2, 32, 32), randomSeed: 0)
            plan.backward(ReferenceNumbers.uniform("gradient", 6))
            let plain = parameters.gradientDictionary().values.flatMap(\.values)
            let norm = parameters.clipGradients(norm: 1e-3, workers: workers) { _ in true }
            let expected = plain.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
            #expect(abs(norm - expected) < 1e-9 * expected)
            bits.append(parameters.gradientDictionary())
        }
        #expect(bits[1] == bits[0] && bits[2] == bits[0])
    }
}
