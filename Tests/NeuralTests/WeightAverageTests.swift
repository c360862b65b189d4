import Foundation
import Neural
import Testing

/// Against the recursion written out in double precision.
@Suite struct WeightAverageTests {
    private let graph: Graph = {
        var graph = Graph()
        let image = graph.add(.input(channels: 3), name: "images")
        let norm = graph.add(.batchNorm(channels: 3, epsilon: 1e-5, momentum: 0.1), name: "n", image)
        _ = graph.add(.linear(in: 3, out: 2, bias: true), name: "l", norm)
        return graph
    }()

    private func draw(_ parameters: Parameters, _ step: Int) throws {
        for entry in parameters.layout.parameters + parameters.layout.buffers {
            let values = ReferenceNumbers.uniform("\(entry.name) \(step)", entry.count)
            try parameters.set(entry.name, NamedTensor(shape: entry.shape, values: values))
        }
    }

    @Test(arguments: [0.5, 0.9, 0.9999])
    func averagesWeightsAndStatistics(_ decay: Double) throws {
        let parameters = try Parameters(graph)
        try draw(parameters, 0)
        let average = try WeightAverage(graph, of: parameters, decay: decay, workers: Workers(count: 2))
        var expected = parameters.stateDictionary().mapValues { $0.values.map(Double.init) }
        for step in 0..<20 {
            try draw(parameters, step + 1)
            average.update(step: step)
            // A decay of at most (1 + t) / (10 + t): the first weights are forgotten within some steps.
            let kept = min(decay, Double(1 + step) / Double(10 + step))
            for (name, tensor) in parameters.stateDictionary() {
                expected[name] = zip(expected[name] ?? [], tensor.values).map { kept * $0 + (1 - kept) * Double($1) }
            }
        }
        for (name, tensor) in average.parameters.stateDictionary() {
            #expect(relativeError(tensor.values, try #require(expected[name])) < 1e-6, "\(name)")
        }
        #expect(average.parameters.stateDictionary() != parameters.stateDictionary())
        average.copy()
        #expect(average.parameters.stateDictionary() == parameters.stateDictionary())
    }
}
