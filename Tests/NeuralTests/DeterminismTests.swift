import Neural
import Testing

@Suite struct DeterminismTests {
    /// Three steps of a small network with dropout at a given thread count.
    private func train(threads: Int, seed: UInt64 = 7) throws -> StateDictionary {
        let graph = try ResNet(named: "resnet10s").graph(labelCount: 3, head: .fastai)
        let parameters = try Parameters(graph)
        parameters.initialise(seed: seed)
        let workers = Workers(count: threads)
        let plan = try TrainingPlan(
            graph, parameters, input: MapShape(images: 5, height: 40, width: 36, channels: 3), workers: workers)
        let optimiser = try Adam(parameters)
        let images = ReferenceNumbers.images(5, 40, 36)
        let targets = ReferenceNumbers.targets(5, labels: 3)
        for step in 0..<3 {
            let logits = plan.forward(images, randomSeed: UInt64(step))
            plan.backward(BinaryCrossEntropy.gradient(logits: logits, targets: targets))
            optimiser.step(momentum: 0.9, workers: workers) { _ in 1e-3 }
        }
        return parameters.stateDictionary()
    }

    @Test(arguments: [2, 5])
    func threadsDoNotChangeABit(_ threads: Int) throws {
        #expect(try train(threads: threads) == train(threads: 1))
    }

    @Test func anotherSeedGivesOtherWeights() throws {
        #expect(try train(threads: 1, seed: 8) != train(threads: 1))
    }

    @Test func inferenceAgreesWithTheUnfoldedNetwork() throws {
        // A network whose running statistics equal the batch's answers the same folded as unfolded.
        let graph = try ResNet(named: "resnet10s").graph(labelCount: 3, head: .linear)
        let parameters = try Parameters(graph)
        parameters.initialise(seed: 3)
        let shape = MapShape(images: 4, height: 32, width: 32, channels: 3)
        let images = ReferenceNumbers.images(4, 32, 32)
        let workers = Workers(count: 2)
        let training = try TrainingPlan(graph, parameters, input: shape, workers: workers)
        var logits: [Float] = []
        // momentum 0.1: after 200 passes the running mean is the batch's to 1e-9.
        for _ in 0..<200 { logits = training.forward(images, randomSeed: 0) }
        // Running variances are the unbiased ones.
        for (node, map) in zip(graph.nodes, try graph.shapes(input: shape)) {
            let name = "\(node.name).running_var"
            guard case .batchNorm = node.operation, var variance = parameters.stateDictionary()[name] else { continue }
            variance.values = variance.values.map { $0 * Float(map.rows - 1) / Float(map.rows) }
            try parameters.set(name, variance)
        }
        let inference = try InferencePlan(graph, parameters, input: shape, workers: workers)
        #expect(relativeError(inference.run(images, count: 4), logits.map(Double.init)) < 1e-4)
        let part = inference.run(Array(images.prefix(images.count / 2)), count: 2)
        #expect(relativeError(part, inference.run(images, count: 4).prefix(6).map(Double.init)) < 1e-5)
    }

    @Test func aPartialBatchAnswersAsAWholeOne() throws {
        let graph = try ResNet(named: "resnet10s").graph(labelCount: 2, head: .fastai)
        let parameters = try Parameters(graph)
        parameters.initialise(seed: 5)
        let plan = try InferencePlan(
            graph, parameters, input: MapShape(images: 13, height: 40, width: 40, channels: 3),
            workers: Workers(count: 2))
        let images = ReferenceNumbers.images(13, 40, 40)
        let whole = plan.run(images, count: 13).map(Double.init)
        for count in 1...13 {
            let part = plan.run(images, count: count)
            #expect(relativeError(part, Array(whole.prefix(count * 2))) < 1e-5, "\(count) images")
        }
    }
}
