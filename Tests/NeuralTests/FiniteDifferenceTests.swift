import Foundation
import Neural
import Testing

/// Every operation's backward against central differences of the double-precision oracle (PyTorch's gradcheck:
/// eps 1e-6, rtol 1e-3, atol 1e-5).
@Suite struct FiniteDifferenceTests {
    @Test(arguments: SmallNetworks.all.indices)
    func backwardIsTheDerivativeOfForward(_ index: Int) throws {
        let name = SmallNetworks.all[index].name
        let (graph, parameters, shape) = try SmallNetworks.make(index)
        let images = ReferenceNumbers.uniform("images of " + name, shape.count)
        let outputs = try graph.shapes(input: shape)[graph.nodes.count - 1].count
        // The loss is a fixed random projection of the output.
        let projection = ReferenceNumbers.uniform("projection of " + name, outputs)
        var oracle = OracleNetwork(
            graph: graph, parameters: parameters.stateDictionary().mapValues { $0.values.map(Double.init) })
        func loss() throws -> Double {
            zip(try oracle.forward(images.map(Double.init), shape), projection).reduce(0) { $0 + $1.0 * Double($1.1) }
        }

        let plan = try TrainingPlan(graph, parameters, input: shape, workers: Workers(count: 2))
        let forward = plan.forward(images, randomSeed: 0)
        #expect(relativeError(forward, try oracle.forward(images.map(Double.init), shape)) < 1e-5, "\(name): forward")
        plan.backward(projection)
        for (parameter, gradient) in parameters.gradientDictionary() {
            var worst = 0.0
            let original = try #require(oracle.parameters[parameter])
            let step = max(1, original.count / 40)
            for i in Swift.stride(from: 0, to: original.count, by: step) {
                var sides: [Double] = []
                for epsilon in [1e-6, -1e-6] {
                    oracle.parameters[parameter]?[i] = original[i] + epsilon
                    sides.append(try loss())
                }
                oracle.parameters[parameter] = original
                let numeric = (sides[0] - sides[1]) / 2e-6
                worst = max(worst, abs(Double(gradient.values[i]) - numeric) / (1e-5 + 1e-3 * abs(numeric)))
            }
            // A float32 sum of cancelling terms is worth a few of float64's absolute tolerances.
            #expect(worst < 2, "\(name): \(parameter)")
        }
    }
}
