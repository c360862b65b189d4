import Foundation
import Neural
import Testing

/// Every operation's backward against central differences of the double-precision oracle (PyTorch's gradcheck:
/// eps 1e-6, rtol 1e-3, atol 1e-5).
@Suite struct FiniteDifferenceTests {
    /// Small networks; between them every operation, fused and not, with one reader and with two.
    static let cases: [(name: String, channels: Int, size: (Int, Int), build: @Sendable (inout Graph, Int) -> Int)] = [
        (
            "convolution 3x3", 2, (5, 6),
            { g, x in
                g.add(.convolution(in: 2, out: 3, kernel: 3, stride: 1, padding: 1, bias: true), name: "c", x)
            }
        ),
        (
            "convolution stride 2", 2, (7, 5),
            { g, x in
                g.add(.convolution(in: 2, out: 3, kernel: 3, stride: 2, padding: 1, bias: false), name: "c", x)
            }
        ),
        (
            "convolution 7x7", 3, (9, 8),
            { g, x in
                g.add(.convolution(in: 3, out: 2, kernel: 7, stride: 2, padding: 3, bias: false), name: "c", x)
            }
        ),
        (
            "pointwise after many channels", 3, (3, 4),
            { g, x in
                let wide = g.add(
                    .convolution(in: 3, out: 40, kernel: 1, stride: 1, padding: 0, bias: true), name: "w", x)
                return g.add(
                    .convolution(in: 40, out: 2, kernel: 1, stride: 1, padding: 0, bias: false), name: "c", wide)
            }
        ),
        (
            "tap by tap", 3, (4, 5),
            { g, x in
                let wide = g.add(
                    .convolution(in: 3, out: 33, kernel: 1, stride: 1, padding: 0, bias: true), name: "w", x)
                return g.add(
                    .convolution(in: 33, out: 2, kernel: 3, stride: 2, padding: 1, bias: false), name: "c", wide)
            }
        ),
        (
            "strided pointwise", 3, (5, 5),
            { g, x in
                let wide = g.add(
                    .convolution(in: 3, out: 17, kernel: 3, stride: 1, padding: 0, bias: true), name: "w", x)
                return g.add(
                    .convolution(in: 17, out: 2, kernel: 1, stride: 2, padding: 0, bias: false), name: "c", wide)
            }
        ),
        (
            "batch norm", 3, (4, 4),
            { g, x in
                let c = g.add(.convolution(in: 3, out: 4, kernel: 1, stride: 1, padding: 0, bias: false), name: "c", x)
                return g.add(.batchNorm(channels: 4, epsilon: 1e-5, momentum: 0.1), name: "n", c)
            }
        ),
        (
            "batch norm, ReLU", 3, (4, 4),
            { g, x in
                let c = g.add(.convolution(in: 3, out: 4, kernel: 3, stride: 1, padding: 1, bias: false), name: "c", x)
                let n = g.add(.batchNorm(channels: 4, epsilon: 1e-5, momentum: 0.1), name: "n", c)
                return g.add(.relu, name: "r", n)
            }
        ),
        (
            "residual block", 3, (4, 4),
            { g, x in
                let s = g.add(.convolution(in: 3, out: 4, kernel: 3, stride: 1, padding: 1, bias: false), name: "s", x)
                let c = g.add(.convolution(in: 4, out: 4, kernel: 3, stride: 1, padding: 1, bias: false), name: "c", s)
                let n = g.add(.batchNorm(channels: 4, epsilon: 1e-5, momentum: 0.1), name: "n", c)
                let a = g.add(.add, name: "a", n, s)
                return g.add(.relu, name: "r", a)
            }
        ),
        (
            // Both write the gradient of the norm's output; what the norm sums is complete with the second alone.
            "a norm that two pointwise layers read", 3, (4, 4),
            { g, x in
                let c = g.add(.convolution(in: 3, out: 16, kernel: 1, stride: 1, padding: 0, bias: false), name: "c", x)
                let n = g.add(.batchNorm(channels: 16, epsilon: 1e-5, momentum: 0.1), name: "n", c)
                let r = g.add(.relu, name: "r", n)
                let d = g.add(.convolution(in: 16, out: 3, kernel: 1, stride: 1, padding: 0, bias: false), name: "d", r)
                let e = g.add(.convolution(in: 16, out: 3, kernel: 1, stride: 1, padding: 0, bias: false), name: "e", r)
                return g.add(.add, name: "a", d, e)
            }
        ),
        (
            // The gradient of what a norm reads is not stored, but made by the convolutions.
            "pointwise layers before norms", 3, (3, 4),
            { g, x in
                let c = g.add(.convolution(in: 3, out: 32, kernel: 1, stride: 1, padding: 0, bias: false), name: "c", x)
                let n = g.add(.batchNorm(channels: 32, epsilon: 1e-5, momentum: 0.1), name: "n", c)
                let r = g.add(.relu, name: "r", n)
                let d = g.add(
                    .convolution(in: 32, out: 32, kernel: 1, stride: 1, padding: 0, bias: false), name: "d", r)
                let m = g.add(.batchNorm(channels: 32, epsilon: 1e-5, momentum: 0.1), name: "m", d)
                let u = g.add(.relu, name: "u", g.add(.add, name: "a", m, r))
                return g.add(.convolution(in: 32, out: 2, kernel: 1, stride: 1, padding: 0, bias: false), name: "e", u)
            }
        ),
        (
            "two norms added", 3, (4, 4),
            { g, x in
                let s = g.add(.convolution(in: 3, out: 4, kernel: 1, stride: 2, padding: 0, bias: false), name: "s", x)
                let m = g.add(.batchNorm(channels: 4, epsilon: 1e-5, momentum: 0.1), name: "m", s)
                let c = g.add(.convolution(in: 3, out: 4, kernel: 3, stride: 2, padding: 1, bias: false), name: "c", x)
                let n = g.add(.batchNorm(channels: 4, epsilon: 1e-5, momentum: 0.1), name: "n", c)
                let a = g.add(.add, name: "a", n, m)
                return g.add(.relu, name: "r", a)
            }
        ),
        (
            "plain ReLU and add of one value twice", 2, (3, 3),
            { g, x in
                let c = g.add(.convolution(in: 2, out: 3, kernel: 1, stride: 1, padding: 0, bias: true), name: "c", x)
                let r = g.add(.relu, name: "r", c)
                return g.add(.add, name: "a", r, c)
            }
        ),
        (
            "max pool", 2, (6, 7),
            { g, x in
                let c = g.add(.convolution(in: 2, out: 3, kernel: 3, stride: 1, padding: 1, bias: true), name: "c", x)
                return g.add(.maxPool(kernel: 3, stride: 2, padding: 1), name: "p", c)
            }
        ),
        (
            "fastai head", 3, (4, 3),
            { g, x in
                let c = g.add(.convolution(in: 3, out: 6, kernel: 3, stride: 1, padding: 1, bias: true), name: "c", x)
                let m = g.add(.globalMaxPool, name: "m", c)
                let v = g.add(.globalAveragePool, name: "v", c)
                let k = g.add(.concatenate, name: "k", m, v)
                let n = g.add(.batchNorm(channels: 12, epsilon: 1e-5, momentum: 0.1), name: "n", k)
                let l = g.add(.linear(in: 12, out: 5, bias: true), name: "l", n)
                let r = g.add(.relu, name: "r", l)
                return g.add(.linear(in: 5, out: 2, bias: false), name: "o", r)
            }
        ),
    ]

    @Test(arguments: 0..<15)
    func backwardIsTheDerivativeOfForward(_ index: Int) throws {
        try #require(Self.cases.count == 15)
        let (name, channels, size, build) = Self.cases[index]
        var graph = Graph()
        let input = graph.add(.input(channels: channels), name: "input")
        _ = build(&graph, input)
        let shape = MapShape(images: 3, height: size.0, width: size.1, channels: channels)
        let parameters = try Parameters(graph)
        for entry in parameters.layout.parameters {
            try parameters.set(entry.name, ReferenceNumbers.value(name + entry.name, entry.shape))
        }
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
