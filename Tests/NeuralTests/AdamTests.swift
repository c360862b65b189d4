import Foundation
import Neural
import Testing

/// Against fastai's formulas restated in double precision.
@Suite struct AdamTests {
    @Test(arguments: [(0.01, 0.99), (0, 0.99), (0.3, 0.95)])
    func stepsAsFastaiDoes(_ weightDecay: Double, _ square: Double) throws {
        var graph = Graph()
        let image = graph.add(.input(channels: 3), name: "images")
        let norm = graph.add(
            .batchNorm(channels: 3, epsilon: 1e-5, momentum: 0.1), name: "n",
            graph.add(.convolution(in: 3, out: 3, kernel: 1, stride: 1, padding: 0, bias: true), name: "c", image))
        _ = graph.add(.linear(in: 3, out: 2, bias: true), name: "l", norm)
        let parameters = try Parameters(graph)
        for entry in parameters.layout.parameters {
            try parameters.set(entry.name, ReferenceNumbers.value(entry.name, entry.shape))
        }
        let workers = Workers(count: 2)
        let plan = try TrainingPlan(
            graph, parameters, input: MapShape(images: 4, height: 1, width: 1, channels: 3), workers: workers)
        var options = Adam.Options()
        options.weightDecay = Float(weightDecay)
        options.squareMomentum = Float(square)
        let optimiser = try Adam(parameters, options: options)
        var expected = parameters.stateDictionary().mapValues { $0.values.map(Double.init) }
        var moments: [String: (average: [Double], squares: [Double])] = [:]
        let (rate, momentum) = (0.1, 0.9)
        for step in 1...4 {
            _ = plan.forward(ReferenceNumbers.uniform("images \(step)", 12), randomSeed: 0)
            plan.backward(ReferenceNumbers.uniform("gradient \(step)", 8))
            let gradients = parameters.gradientDictionary()
            optimiser.step(momentum: Float(momentum), workers: workers) { $0.name == "l.bias" ? nil : Float(rate) }
            for (name, gradient) in gradients where name != "l.bias" {
                // Weight decay, decoupled, spares biases and norms.
                let decay = name == "c.weight" || name == "l.weight" ? 1 - rate * weightDecay : 1
                let zeros = [Double](repeating: 0, count: gradient.values.count)
                var (average, squares) = moments[name] ?? (zeros, zeros)
                for (i, g) in gradient.values.map(Double.init).enumerated() {
                    average[i] = momentum * average[i] + (1 - momentum) * g
                    squares[i] = square * squares[i] + (1 - square) * g * g
                    let corrected = squares[i] / (1 - pow(square, Double(step)))
                    let scale = rate / (1 - pow(momentum, Double(step)))
                    expected[name]?[i] *= decay
                    expected[name]?[i] -= scale * average[i] / (corrected.squareRoot() + 1e-5)
                }
                moments[name] = (average, squares)
            }
        }
        for (name, tensor) in parameters.stateDictionary() where !name.contains("running") {
            #expect(relativeError(tensor.values, try #require(expected[name])) < 1e-5, "\(name)")
        }
    }

    /// Steps that others took are not its own: the first moves each value by its rate, whatever its gradient's size.
    @Test func aParameterThatWasFrozenStartsFresh() throws {
        var graph = Graph()
        _ = graph.add(.linear(in: 2, out: 3, bias: true), name: "l", graph.add(.input(channels: 2), name: "images"))
        let parameters = try Parameters(graph)
        let workers = Workers(count: 1)
        let shape = MapShape(images: 2, height: 1, width: 1, channels: 2)
        let plan = try TrainingPlan(graph, parameters, input: shape, workers: workers)
        let optimiser = try Adam(parameters)
        for step in 1...3 {
            _ = plan.forward([1, 2, 3, 4], randomSeed: 0)
            plan.backward([1, -2, 3, 1, -2, 3])
            optimiser.step(momentum: 0.9, workers: workers) { $0.name == "l.bias" && step < 3 ? nil : 0.1 }
        }
        let bias = try #require(parameters.stateDictionary()["l.bias"]).values
        for (value, expected) in zip(bias, [-0.1, 0.1, -0.1]) { #expect(abs(Double(value) - expected) < 1e-5) }
        #expect(optimiser.stateDictionary()["optimizer.l.bias.steps"]?.values == [1])
    }
}
