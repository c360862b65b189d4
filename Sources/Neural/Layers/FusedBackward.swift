import CKernels

/// A convolution's backward where a norm reads its output: it makes the gradient of that output, part by part, of what
/// the norm's backward reads, uses the part while it is near, and nobody stores the map.
protocol FusedBackward: Sendable {
    /// Pieces of whole rows in which the data gradient is finished.
    var pieces: Int { get }
    func scratchCount(_ workers: Workers) -> Int

    /// - Parameters:
    ///   - x: read through `affine`.
    ///   - gradient: makes dy.
    ///   - dWeight: overwritten; nil where nobody wants it, as `target`.
    func run(
        _ x: UnsafePointer<Float>, _ affine: AssayAffine, _ gradient: BatchNorm.InputGradient,
        weight: UnsafePointer<Float>, dWeight: Floats?, _ target: DataGradientTarget?, scratch: Floats,
        _ workers: Workers)
}

/// Where a data gradient goes.
struct DataGradientTarget {
    let dx: Floats
    let accumulates: Bool
    let finished: FinishedRows
}

extension ConvolutionMethod {
    /// How a convolution does so once this is resolved for it; nil where it stores the map.
    /// - Parameters:
    ///   - isFirst: whether its input is the network's, whose gradient nobody wants.
    ///   - isPooled: whether a pool makes the gradient of the norm's output, line by line.
    func fusedBackward(
        _ operation: Operation, _ convolution: Convolution, isFirst: Bool, isPooled: Bool
    ) -> (any FusedBackward)? {
        guard case .convolution(_, _, _, _, _, bias: false) = operation else { return nil }
        switch self {
        case .direct: return isPooled ? nil : PointwiseBackward(convolution)
        case .winograd: return isFirst ? WinogradStem(convolution) : nil
        case .fastest, .openBLAS: return nil
        }
    }
}
