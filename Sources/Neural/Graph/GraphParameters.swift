extension Operation {
    /// Suffix and PyTorch shape of each trained parameter, in PyTorch's order.
    public var parameters: [(suffix: String, shape: [Int])] {
        switch self {
        case .convolution(let input, let output, let kernel, _, _, let bias):
            [("weight", [output, input, kernel, kernel])] + (bias ? [("bias", [output])] : [])
        case .batchNorm(let channels, _, _): [("weight", [channels]), ("bias", [channels])]
        case .linear(let input, let output, let bias):
            [("weight", [output, input])] + (bias ? [("bias", [output])] : [])
        default: []
        }
    }

    /// Suffix and shape of each buffer: state that is not trained by gradient.
    public var buffers: [(suffix: String, shape: [Int])] {
        guard case .batchNorm(let channels, _, _) = self else { return [] }
        return [("running_mean", [channels]), ("running_var", [channels])]
    }
}
