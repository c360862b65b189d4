import CKernels

/// The geometry of a square convolution over NHWC: x `[N, H, W, I]`, weight `[K, K, I, O]`, y `[N, H', W', O]`.
/// A linear layer is the 1x1 case.
struct Convolution: Sendable, Equatable {
    let input: MapShape
    let output: MapShape
    let kernel: Int
    let stride: Int
    let padding: Int

    /// The shared dimension of the forward product.
    var columns: Int { kernel * kernel * input.channels }
    /// The input itself is the matrix of windows.
    var isPointwise: Bool { kernel == 1 && stride == 1 && padding == 0 }
    var weightCount: Int { columns * output.channels }
    /// Multiply-adds of one forward pass, counted directly.
    var multiplyAdds: Int { output.rows * weightCount }

    var window: AssayWindow {
        AssayWindow(
            height: Int32(input.height), width: Int32(input.width), channels: Int32(input.channels),
            outHeight: Int32(output.height), outWidth: Int32(output.width), kernel: Int32(kernel),
            stride: Int32(stride), padding: Int32(padding), images: Int32(input.images))
    }

    /// dBias[c] = sum of dy over rows.
    func backwardBias(_ dy: UnsafePointer<Float>, _ dBias: Floats) {
        var sums = [Double](repeating: 0, count: output.channels)
        assay_column_sums(dy, Int64(output.rows), Int64(output.channels), &sums)
        for c in 0..<output.channels { dBias[c] = Float(sums[c]) }
    }
}

extension Convolution {
    /// The convolution of an operation, a linear layer being a 1x1 one; nil for other operations.
    init?(_ operation: Operation, input: MapShape, output: MapShape) {
        switch operation {
        case .convolution(_, _, let kernel, let stride, let padding, _):
            self.init(input: input, output: output, kernel: kernel, stride: stride, padding: padding)
        case .linear: self.init(input: input, output: output, kernel: 1, stride: 1, padding: 0)
        default: return nil
        }
    }

    init?(_ operation: Operation, from shapes: [MapShape], _ step: Step) {
        guard let input = step.inputs.first else { return nil }
        self.init(operation, input: shapes[input], output: shapes[step.node])
    }
}

extension AssayAffine {
    /// Values are read as they are.
    static var none: AssayAffine { AssayAffine(scale: nil, shift: nil, relu: 0) }
    var isNone: Bool { scale == nil }

    /// Of the channels from `channel` on.
    func from(channel: Int) -> AssayAffine {
        AssayAffine(scale: scale.map { $0 + channel }, shift: shift.map { $0 + channel }, relu: relu)
    }
}
