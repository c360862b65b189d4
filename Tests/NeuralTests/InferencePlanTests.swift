import Neural
import Testing

/// Inference of small networks, of which it folds norms and sums into convolutions, against plain loops.
@Suite struct InferencePlanTests {
    @Test(arguments: SmallNetworks.all.indices, ConvolutionMethod.allCases)
    func answersAsTheRunningStatisticsSay(_ index: Int, _ method: ConvolutionMethod) throws {
        let (graph, parameters, shape) = try SmallNetworks.make(index)
        let images = ReferenceNumbers.uniform("images", shape.count)
        var oracle = OracleNetwork(
            graph: graph, parameters: parameters.stateDictionary().mapValues { $0.values.map(Double.init) })
        oracle.isInference = true
        let plan = try InferencePlan(graph, parameters, input: shape, workers: Workers(count: 2), method: method)
        let expected = try oracle.forward(images.map(Double.init), shape)
        #expect(relativeError(plan.run(images, count: 3), expected) < 1e-5, "\(SmallNetworks.all[index].name)")
    }

    /// A broken image, or a broken model, must not look like one that sees nothing; and it is no other image's matter.
    @Test(arguments: SmallNetworks.all.indices, ConvolutionMethod.allCases)
    func noNumberStaysNone(_ index: Int, _ method: ConvolutionMethod) throws {
        let (graph, parameters, shape) = try SmallNetworks.make(index)
        var images = ReferenceNumbers.uniform("images", shape.count)
        let size = images.count / 3
        for at in size..<2 * size { images[at] = .nan }
        let plan = try InferencePlan(graph, parameters, input: shape, workers: Workers(count: 2), method: method)
        let found = plan.run(images, count: 3)
        for (at, value) in found.enumerated() {
            #expect(value.isNaN == (at / (found.count / 3) == 1), "\(SmallNetworks.all[index].name): \(at)")
        }
    }

    /// In training a norm hands it on to the whole batch.
    @Test(arguments: SmallNetworks.all.indices)
    func noNumberStaysNoneInTraining(_ index: Int) throws {
        let (graph, parameters, shape) = try SmallNetworks.make(index)
        let plan = try TrainingPlan(graph, parameters, input: shape, workers: Workers(count: 2))
        let found = plan.forward([Float](repeating: .nan, count: shape.count), randomSeed: 0)
        #expect(found.allSatisfy { $0.isNaN }, "\(SmallNetworks.all[index].name)")
    }
}
