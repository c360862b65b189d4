import Neural
import Testing

/// Dropout of ones, which shows its mask: 0, or 1 / (1 - p).
@Suite struct DropoutTests {
    private static let (rows, width, probability): (Int, Int, Float) = (64, 64, 0.3)

    /// ones -> the identity, with a bias -> two dropouts of it, joined.
    private func plan() throws -> (plan: TrainingPlan, parameters: Parameters) {
        var graph = Graph()
        let image = graph.add(.input(channels: Self.width), name: "ones")
        let same = graph.add(.linear(in: Self.width, out: Self.width, bias: true), name: "same", image)
        let first = graph.add(.dropout(probability: Self.probability), name: "first", same)
        let second = graph.add(.dropout(probability: Self.probability), name: "second", same)
        _ = graph.add(.concatenate, name: "both", first, second)
        let parameters = try Parameters(graph)
        let weight = (0..<Self.width * Self.width).map { $0 % (Self.width + 1) == 0 ? Float(1) : 0 }
        try parameters.set("same.weight", NamedTensor(shape: [Self.width, Self.width], values: weight))
        let shape = MapShape(images: Self.rows, height: 1, width: 1, channels: Self.width)
        return (try TrainingPlan(graph, parameters, input: shape, workers: Workers(count: 2)), parameters)
    }

    private let ones = [Float](repeating: 1, count: rows * width)

    @Test func keptValuesMakeUpForOthers() throws {
        let plan = try plan().plan
        let y = plan.forward(ones, randomSeed: 1)
        let kept = y.filter { $0 != 0 }
        let scale = 1 / (1 - Self.probability)
        #expect(kept.allSatisfy { abs($0 - scale) < 1e-6 })
        // Five deviations of a binomial share.
        let (share, deviation) = (Double(kept.count) / Double(y.count), (0.21 / Double(y.count)).squareRoot())
        #expect(abs(share - 0.7) < 5 * deviation)
    }

    @Test func eachLayerAndStepDrawsItsOwn() throws {
        let plan = try plan().plan
        let y = plan.forward(ones, randomSeed: 1)
        #expect(plan.forward(ones, randomSeed: 1) == y)
        func agreement(_ a: [Float], _ b: [Float]) -> Double {
            Double(zip(a, b).count { ($0 == 0) == ($1 == 0) }) / Double(a.count)
        }
        func half(_ y: [Float], _ second: Bool) -> [Float] {
            y.indices.filter { ($0 % (2 * Self.width) >= Self.width) == second }.map { y[$0] }
        }
        // Masks that know nothing of each other agree in 0.49 + 0.09 of their values.
        #expect(abs(agreement(half(y, false), half(y, true)) - 0.58) < 0.04)
        #expect(abs(agreement(y, plan.forward(ones, randomSeed: 2)) - 0.58) < 0.04)
        let rows = (0..<Self.rows).map { Array(y[$0 * 2 * Self.width..<($0 + 1) * 2 * Self.width]) }
        #expect(Set(rows).count == Self.rows)
    }

    /// The bias's gradient is the sum of what came through, by the same masks.
    @Test func backwardGoesTheSameWay() throws {
        let (plan, parameters) = try plan()
        let y = plan.forward(ones, randomSeed: 3)
        let dy = ReferenceNumbers.uniform("dy", y.count)
        plan.backward(dy)
        var expected = [Double](repeating: 0, count: Self.width)
        for at in y.indices { expected[at % Self.width] += Double(y[at]) * Double(dy[at]) }
        #expect(relativeError(try #require(parameters.gradientDictionary()["same.bias"]).values, expected) < 1e-5)
    }
}
