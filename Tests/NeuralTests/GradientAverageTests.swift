import Foundation
import Neural
import Testing

/// Without batch norm, the mean gradient of small batches is the gradient of the batch that holds them all.
@Suite struct GradientAverageTests {
    private let graph: Graph = {
        var graph = Graph()
        let image = graph.add(.input(channels: 3), name: "images")
        let first = graph.add(
            .convolution(in: 3, out: 8, kernel: 3, stride: 1, padding: 1, bias: true), name: "c", image)
        let pooled = graph.add(.globalAveragePool, name: "p", graph.add(.relu, name: "r", first))
        _ = graph.add(.linear(in: 8, out: 2, bias: true), name: "l", pooled)
        return graph
    }()

    private func plan(_ count: Int, _ workers: Workers) throws -> (TrainingPlan, Parameters) {
        let parameters = try Parameters(graph)
        for entry in parameters.layout.parameters {
            try parameters.set(entry.name, ReferenceNumbers.value(entry.name, entry.shape))
        }
        let shape = MapShape(images: count, height: 6, width: 5, channels: 3)
        return (try TrainingPlan(graph, parameters, input: shape, workers: workers), parameters)
    }

    @Test func whatIsClearedDoesNotCount() throws {
        let workers = Workers(count: 1)
        let (plan, parameters) = try plan(8, workers)
        let average = try GradientAverage(parameters, workers: workers)
        for draw in 0..<2 {
            average.clear()
            _ = plan.forward(ReferenceNumbers.images(8, 6, 5, draw: draw), randomSeed: 0)
            plan.backward(ReferenceNumbers.uniform("dy \(draw)", 16))
            average.add()
        }
        let last = parameters.gradientDictionary()
        average.finish()
        #expect(parameters.gradientDictionary() == last)
    }

    @Test(arguments: [1, 2, 4, 8])
    func smallBatchesGiveTheLargeOnesGradient(_ parts: Int) throws {
        let workers = Workers(count: 2)
        let (images, targets) = (ReferenceNumbers.images(8, 6, 5), ReferenceNumbers.targets(8, labels: 2))
        let loss = MultiLabelLoss()
        let (whole, expected) = try plan(8, workers)
        whole.backward(loss.gradient(logits: whole.forward(images, randomSeed: 0), targets: targets))

        let (small, parameters) = try plan(8 / parts, workers)
        let average = try GradientAverage(parameters, workers: workers)
        // Twice: the second mean knows nothing of the first.
        for _ in 0..<2 {
            for part in 0..<parts {
                let (width, count) = (images.count / parts, targets.count / parts)
                let logits = small.forward(Array(images[part * width..<(part + 1) * width]), randomSeed: 0)
                small.backward(
                    loss.gradient(logits: logits, targets: Array(targets[part * count..<(part + 1) * count])))
                average.add()
            }
            average.finish()
            for (name, tensor) in parameters.gradientDictionary() {
                let reference = try #require(expected.gradientDictionary()[name]).values.map(Double.init)
                #expect(relativeError(tensor.values, reference) < 1e-5, "\(name)")
            }
        }
    }
}
