import CKernels

/// How a convolution is computed. Every piece of work is fixed by the shapes, never by the number of threads.
///
/// `scratch` holds what `scratchCount` says. Weights are packed by the caller, once or anew each step, into buffers
/// of `forwardWeightCount` and `backwardWeightCount` floats.
protocol ConvolutionAlgorithm: Sendable {
    var convolution: Convolution { get }
    var forwardWeightCount: Int { get }
    var backwardWeightCount: Int { get }

    /// Floats of scratch for the given passes.
    func scratchCount(_ workers: Workers, training: Bool) -> Int

    func packForward(_ weight: UnsafePointer<Float>, into packed: Floats, _ workers: Workers)
    func packBackward(_ weight: UnsafePointer<Float>, into packed: Floats, scratch: Floats, _ workers: Workers)

    /// y = convolution of `affine`(x), then the epilogue.
    func forward(
        _ x: UnsafePointer<Float>, _ affine: AssayAffine, packed: Floats, _ y: Floats, _ epilogue: Epilogue,
        scratch: Floats, _ workers: Workers)
    /// d loss / d affine(x) (+)= from dy.
    func backwardData(
        _ dy: UnsafePointer<Float>, packed: Floats, _ dx: Floats, accumulate: Bool, scratch: Floats,
        _ workers: Workers)
    /// d loss / d weight from affine(x) and dy; overwritten.
    func backwardWeight(
        _ x: UnsafePointer<Float>, _ affine: AssayAffine, _ dy: UnsafePointer<Float>, _ dWeight: Floats,
        scratch: Floats, _ workers: Workers)
}

/// What is added to a convolution's output while it is in cache.
struct Epilogue {
    var bias: UnsafePointer<Float>?
    var residual: UnsafePointer<Float>?
    var relu = false

    var isEmpty: Bool { bias == nil && residual == nil && !relu }
}

/// Which algorithm a plan takes for its convolutions. Tests force each in turn; everyone else wants `fastest`.
public enum ConvolutionMethod: Sendable, CaseIterable {
    case fastest
    /// Windows gathered, multiplied by this package's kernels.
    case direct
    /// Windows gathered, multiplied by OpenBLAS.
    case openBLAS
    /// Winograd wherever it can be used, however small the map.
    case winograd

    /// The algorithm's own name: what `fastest` is for this convolution, or direct where Winograd cannot be.
    func resolved(for convolution: Convolution, training: Bool) -> ConvolutionMethod {
        switch self {
        case .openBLAS, .direct: return self
        case .winograd: return WinogradConvolution(convolution) == nil ? .direct : .winograd
        case .fastest:
            if MatrixProduct.fastest == .openBLAS { return .openBLAS }
            return WinogradConvolution(convolution)?.isWorthwhile(training: training) == true ? .winograd : .direct
        }
    }

    /// What computes it, once resolved.
    func algorithm(for convolution: Convolution) -> any ConvolutionAlgorithm {
        switch self {
        case .winograd: if let winograd = WinogradConvolution(convolution) { return winograd }
        case .openBLAS: return DirectConvolution(convolution, .openBLAS)
        case .direct, .fastest: break
        }
        return DirectConvolution(convolution, .kernels)
    }
}
