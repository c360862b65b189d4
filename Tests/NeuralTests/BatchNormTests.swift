import Neural
import Testing

@Suite struct BatchNormTests {
    private func plan(_ images: Int, channels: Int) throws -> (plan: TrainingPlan, parameters: Parameters) {
        var graph = Graph()
        let image = graph.add(.input(channels: channels), name: "images")
        _ = graph.add(.batchNorm(channels: channels, epsilon: 1e-5, momentum: 0.1), name: "n", image)
        let parameters = try Parameters(graph)
        let ones = NamedTensor(shape: [channels], values: [Float](repeating: 1, count: channels))
        try parameters.set("n.weight", ones)
        let shape = MapShape(images: images, height: 1, width: 1, channels: channels)
        return (try TrainingPlan(graph, parameters, input: shape, workers: Workers(count: 1)), parameters)
    }

    /// Of a single value no unbiased variance is known; the running one stays a number.
    @Test func oneValueHasAVarianceOf0() throws {
        let (plan, parameters) = try plan(1, channels: 2)
        // The deviation is that of epsilon alone, by which a rounding is divided.
        #expect(plan.forward([3, -5], randomSeed: 0).allSatisfy { abs($0) < 1e-3 })
        let state = parameters.stateDictionary()
        #expect(state["n.running_var"]?.values == [0.9, 0.9])
        #expect(state["n.running_mean"]?.values == [0.3, -0.5])
    }

    /// By rounding, the mean of squares may lie below the square of the mean.
    @Test func equalValuesHaveNoVarianceBelow0() throws {
        let (plan, parameters) = try plan(40, channels: 32)
        let row = (0..<32).map { 1000.1 + Float($0) / 7 }
        let y = plan.forward((0..<40).flatMap { _ in row }, randomSeed: 0)
        #expect(y.allSatisfy { $0.isFinite })
        #expect(parameters.stateDictionary()["n.running_var"]?.values.allSatisfy { $0 >= 0.9 } == true)
    }
}
