/// A convolution and its gradients as their definitions read, in double precision. NHWC; weight `[O, I, K, K]`.
struct ReferenceConvolution {
    let images, height, width, inputs, outputs, kernel, stride, padding: Int

    var outHeight: Int { (height + 2 * padding - kernel) / stride + 1 }
    var outWidth: Int { (width + 2 * padding - kernel) / stride + 1 }

    /// Calls `body` with the flat indices of an output position, an input position and a tap that meet.
    private func forEachMeeting(_ body: (_ output: Int, _ input: Int, _ tap: Int) -> Void) {
        for n in 0..<images {
            for oy in 0..<outHeight {
                for ox in 0..<outWidth {
                    for tap in 0..<kernel * kernel {
                        let y = oy * stride - padding + tap / kernel
                        let x = ox * stride - padding + tap % kernel
                        guard (0..<height).contains(y), (0..<width).contains(x) else { continue }
                        body((n * outHeight + oy) * outWidth + ox, (n * height + y) * width + x, tap)
                    }
                }
            }
        }
    }

    private func at(_ o: Int, _ i: Int, _ tap: Int) -> Int { (o * inputs + i) * kernel * kernel + tap }

    func forward(_ x: [Double], _ weight: [Double]) -> [Double] {
        var y = [Double](repeating: 0, count: images * outHeight * outWidth * outputs)
        forEachMeeting { output, input, tap in
            for o in 0..<outputs {
                var sum = 0.0
                for i in 0..<inputs { sum += x[input * inputs + i] * weight[at(o, i, tap)] }
                y[output * outputs + o] += sum
            }
        }
        return y
    }

    func gradients(_ x: [Double], _ weight: [Double], _ dy: [Double]) -> (x: [Double], weight: [Double]) {
        var dx = [Double](repeating: 0, count: x.count)
        var dWeight = [Double](repeating: 0, count: weight.count)
        forEachMeeting { output, input, tap in
            for o in 0..<outputs {
                let g = dy[output * outputs + o]
                for i in 0..<inputs {
                    dx[input * inputs + i] += g * weight[at(o, i, tap)]
                    dWeight[at(o, i, tap)] += g * x[input * inputs + i]
                }
            }
        }
        return (dx, dWeight)
    }
}
