import Neural

enum SmallNetworks {
    /// Networks of a few values; between them every operation, fused and not, with one reader and with two.
    static let all: [(name: String, channels: Int, size: (Int, Int), build: @Sendable (inout Graph, Int) -> Int)] = [
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
        (
            // The norm adds its gradient to what the later reader of its residual has written.
            "a residual that another layer reads later", 3, (4, 4),
            { g, x in
                let s = g.add(.convolution(in: 3, out: 4, kernel: 1, stride: 1, padding: 0, bias: false), name: "s", x)
                let c = g.add(.convolution(in: 4, out: 4, kernel: 3, stride: 1, padding: 1, bias: false), name: "c", s)
                let n = g.add(.batchNorm(channels: 4, epsilon: 1e-5, momentum: 0.1), name: "n", c)
                let r = g.add(.relu, name: "r", g.add(.add, name: "a", n, s))
                let d = g.add(.convolution(in: 4, out: 2, kernel: 1, stride: 1, padding: 0, bias: false), name: "d", r)
                let e = g.add(.convolution(in: 4, out: 2, kernel: 1, stride: 1, padding: 0, bias: false), name: "e", s)
                return g.add(.add, name: "b", d, e)
            }
        ),
        (
            "the same where gates are stored", 3, (4, 4),
            { g, x in
                let s = g.add(.convolution(in: 3, out: 16, kernel: 1, stride: 1, padding: 0, bias: false), name: "s", x)
                let c = g.add(
                    .convolution(in: 16, out: 16, kernel: 3, stride: 1, padding: 1, bias: false), name: "c", s)
                let n = g.add(.batchNorm(channels: 16, epsilon: 1e-5, momentum: 0.1), name: "n", c)
                let r = g.add(.relu, name: "r", g.add(.add, name: "a", n, s))
                let d = g.add(.convolution(in: 16, out: 2, kernel: 1, stride: 1, padding: 0, bias: false), name: "d", r)
                let e = g.add(.convolution(in: 16, out: 2, kernel: 1, stride: 1, padding: 0, bias: false), name: "e", s)
                return g.add(.add, name: "b", d, e)
            }
        ),
        (
            "a map that a layer reads after a pool", 2, (6, 7),
            { g, x in
                let c = g.add(.convolution(in: 2, out: 3, kernel: 3, stride: 1, padding: 1, bias: true), name: "c", x)
                let p = g.add(.maxPool(kernel: 2, stride: 2, padding: 0), name: "p", c)
                let v = g.add(.globalAveragePool, name: "v", p)
                let d = g.add(.convolution(in: 3, out: 2, kernel: 1, stride: 1, padding: 0, bias: false), name: "d", c)
                return g.add(.concatenate, name: "k", v, g.add(.globalAveragePool, name: "w", d))
            }
        ),
        (
            "the maximum after the mean, joined and read again", 3, (4, 3),
            { g, x in
                let c = g.add(.convolution(in: 3, out: 6, kernel: 3, stride: 1, padding: 1, bias: true), name: "c", x)
                let v = g.add(.globalAveragePool, name: "v", c)
                let m = g.add(.globalMaxPool, name: "m", c)
                let k = g.add(.concatenate, name: "k", v, m)
                let l = g.add(.linear(in: 12, out: 3, bias: true), name: "l", k)
                let u = g.add(.linear(in: 6, out: 3, bias: false), name: "u", v)
                let w = g.add(.linear(in: 6, out: 3, bias: false), name: "w", m)
                return g.add(.add, name: "b", g.add(.add, name: "a", l, u), w)
            }
        ),
        (
            "a vector that a layer reads after its dropout and its ReLU", 3, (1, 1),
            { g, x in
                let l = g.add(.linear(in: 3, out: 6, bias: true), name: "l", x)
                let d = g.add(.dropout(probability: 0), name: "d", l)
                let r = g.add(.relu, name: "r", l)
                let a = g.add(.linear(in: 6, out: 2, bias: false), name: "a", d)
                let b = g.add(.linear(in: 6, out: 2, bias: false), name: "b", r)
                let c = g.add(.linear(in: 6, out: 2, bias: false), name: "c", l)
                return g.add(.add, name: "t", g.add(.add, name: "s", a, b), c)
            }
        ),
        (
            // Inference folds the norm into it, bias and all.
            "a biased convolution before a norm", 3, (4, 4),
            { g, x in
                let c = g.add(.convolution(in: 3, out: 4, kernel: 3, stride: 1, padding: 1, bias: true), name: "c", x)
                return g.add(.batchNorm(channels: 4, epsilon: 1e-5, momentum: 0.1), name: "n", c)
            }
        ),
        (
            // As many channels as pools take in vectors, and windows of nothing but values below 0.
            "max pool of 64 channels", 2, (6, 7),
            { g, x in
                let c = g.add(
                    .convolution(in: 2, out: 66, kernel: 3, stride: 1, padding: 1, bias: true), name: "c", x)
                let p = g.add(.maxPool(kernel: 2, stride: 2, padding: 1), name: "p", c)
                return g.add(.convolution(in: 66, out: 2, kernel: 1, stride: 1, padding: 0, bias: true), name: "d", p)
            }
        ),
    ]

    /// A network's graph, its parameters with values of their own, and the shape of three images.
    static func make(_ index: Int) throws -> (graph: Graph, parameters: Parameters, shape: MapShape) {
        let (name, channels, size, build) = all[index]
        var graph = Graph()
        _ = build(&graph, graph.add(.input(channels: channels), name: "input"))
        let parameters = try Parameters(graph)
        for entry in parameters.layout.parameters + parameters.layout.buffers {
            try parameters.set(entry.name, ReferenceNumbers.value(name + entry.name, entry.shape))
        }
        return (graph, parameters, MapShape(images: 3, height: size.0, width: size.1, channels: channels))
    }
}
