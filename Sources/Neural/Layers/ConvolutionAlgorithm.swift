import CKernels

/// How a convolution is computed. Every piece of work is fixed by the shapes, never by the number of threads.
///
/// Each pass gets the scratch that `scratchCount` asks for it. Weights are packed by the caller, once or anew each step,
/// into buffers of `forwardWeightCount` and `backwardWeightCount` floats.
protocol ConvolutionAlgorithm: Sendable {
    var convolution: Convolution { get }
    var forwardWeightCount: Int { get }
    var backwardWeightCount: Int { get }

    func scratchCount(_ pass: ConvolutionPass, _ workers: Workers) -> Int
    /// Multiply-adds of the products of a pass as this algorithm makes them; not of transforms.
    func executedMultiplyAdds(_ pass: ConvolutionPass) -> Int
    /// Pieces of whole rows in which `forward` or `backwardData` finishes its map, and tells so; 0 where it does neither.
    func finishedPieces(_ pass: ConvolutionPass) -> Int

    func packForward(_ weight: UnsafePointer<Float>, into packed: Floats, _ workers: Workers)
    func packBackward(_ weight: UnsafePointer<Float>, into packed: Floats, scratch: Floats, _ workers: Workers)

    /// y = convolution of `affine`(x), then the epilogue.
    func forward(
        _ x: UnsafePointer<Float>, _ affine: AssayAffine, packed: Floats, _ y: Floats, _ epilogue: Epilogue,
        _ finished: FinishedRows, scratch: Floats, _ workers: Workers)
    /// d loss / d affine(x) (+)= from dy.
    func backwardData(
        _ dy: UnsafePointer<Float>, packed: Floats, _ dx: Floats, accumulate: Bool, _ finished: FinishedRows,
        scratch: Floats, _ workers: Workers)
    /// d loss / d weight from affine(x) and dy; overwritten.
    func backwardWeight(
        _ x: UnsafePointer<Float>, _ affine: AssayAffine, _ dy: UnsafePointer<Float>, _ dWeight: Floats,
        scratch: Floats, _ workers: Workers)

    // A training step's passes, from the weight as it is stored, which is another each time.

    /// Floats for them, one after the other.
    func trainingScratchCount(_ workers: Workers) -> Int
    func forward(
        _ x: UnsafePointer<Float>, _ affine: AssayAffine, weight: UnsafePointer<Float>, _ y: Floats,
        _ epilogue: Epilogue, _ finished: FinishedRows, scratch: Floats, _ workers: Workers)
    func backwardData(
        _ dy: UnsafePointer<Float>, weight: UnsafePointer<Float>, _ dx: Floats, accumulate: Bool,
        _ finished: FinishedRows, scratch: Floats, _ workers: Workers)
}

enum ConvolutionPass: Sendable {
    /// Forward on values as they are.
    case inference
    case forward
    /// With the packing of its weight.
    case backwardData
    case backwardWeight
}

/// Weights are packed and used, unless an algorithm knows better.
extension ConvolutionAlgorithm {
    func finishedPieces(_ pass: ConvolutionPass) -> Int { 0 }

    func executedMultiplyAdds(_ pass: ConvolutionPass) -> Int { convolution.multiplyAdds }

    func trainingScratchCount(_ workers: Workers) -> Int { packedScratchCount(workers) }

    func forward(
        _ x: UnsafePointer<Float>, _ affine: AssayAffine, weight: UnsafePointer<Float>, _ y: Floats,
        _ epilogue: Epilogue, _ finished: FinishedRows, scratch: Floats, _ workers: Workers
    ) {
        packedForward(x, affine, weight: weight, y, epilogue, finished, scratch: scratch, workers)
    }

    func backwardData(
        _ dy: UnsafePointer<Float>, weight: UnsafePointer<Float>, _ dx: Floats, accumulate: Bool,
        _ finished: FinishedRows, scratch: Floats, _ workers: Workers
    ) {
        packedBackwardData(dy, weight: weight, dx, accumulate: accumulate, finished, scratch: scratch, workers)
    }

    /// A packed weight lies in front of the scratch.
    func packedScratchCount(_ workers: Workers) -> Int {
        max(
            Self.aligned(forwardWeightCount) + scratchCount(.forward, workers),
            Self.aligned(backwardWeightCount) + scratchCount(.backwardData, workers),
            scratchCount(.backwardWeight, workers))
    }

    func packedForward(
        _ x: UnsafePointer<Float>, _ affine: AssayAffine, weight: UnsafePointer<Float>, _ y: Floats,
        _ epilogue: Epilogue, _ finished: FinishedRows, scratch: Floats, _ workers: Workers
    ) {
        packForward(weight, into: scratch, workers)
        let rest = scratch + Self.aligned(forwardWeightCount)
        forward(x, affine, packed: scratch, y, epilogue, finished, scratch: rest, workers)
    }

    func packedBackwardData(
        _ dy: UnsafePointer<Float>, weight: UnsafePointer<Float>, _ dx: Floats, accumulate: Bool,
        _ finished: FinishedRows, scratch: Floats, _ workers: Workers
    ) {
        let rest = scratch + Self.aligned(backwardWeightCount)
        packBackward(weight, into: scratch, scratch: rest, workers)
        backwardData(dy, packed: scratch, dx, accumulate: accumulate, finished, scratch: rest, workers)
    }

    /// Rounded up to whole cache lines.
    static func aligned(_ count: Int) -> Int { (count + 15) / 16 * 16 }
}

/// What is done to a convolution's output before it is stored.
typealias Epilogue = AssayEpilogue

extension AssayEpilogue {
    init(bias: UnsafePointer<Float>? = nil, residual: UnsafePointer<Float>? = nil, hasReLU: Bool = false) {
        self.init(
            bias: bias, residual: residual, relu: hasReLU ? 1 : 0, isStreamed: 0, sum: nil, squares: nil)
    }

    /// With what a piece adds up of its results as they are made, if anybody wants it.
    func adding(to sums: ChannelSums?, piece: Int) -> AssayEpilogue {
        var epilogue = self
        if let target = sums?.of(piece: piece) { (epilogue.sum, epilogue.squares) = target }
        return epilogue
    }

    var isEmpty: Bool { bias == nil && residual == nil && relu == 0 }

    /// The epilogue of a part of the output: `row` rows of `stride` values and `column` columns further on.
    func at(row: Int, stride: Int, column: Int) -> AssayEpilogue {
        assay_epilogue_at(self, Int64(row), Int64(stride), Int64(column))
    }
}

/// Which algorithm a plan takes for its convolutions. Tests force each in turn; everyone else wants `fastest`.
public enum ConvolutionMethod: Sendable, CaseIterable {
    case fastest
    /// Windows gathered, multiplied by this package's kernels.
    case direct
    /// Windows gathered, multiplied by OpenBLAS.
    case openBLAS
    /// Winograd wherever it can be used, however small the map: 3x3 and a ResNet's first convolution.
    case winograd

    /// The algorithm's own name: what `fastest` is for this convolution, or direct where Winograd cannot be.
    func resolved(for convolution: Convolution, training: Bool) -> ConvolutionMethod {
        switch self {
        case .openBLAS, .direct: return self
        case .winograd:
            return WinogradConvolution(convolution) == nil && WinogradStem(convolution) == nil ? .direct : .winograd
        case .fastest:
            if MatrixProduct.fastest == .openBLAS { return .openBLAS }
            let isWorthwhile =
                WinogradConvolution(convolution)?.isWorthwhile(training: training)
                ?? WinogradStem(convolution)?.isWorthwhile(training: training)
            return isWorthwhile == true ? .winograd : .direct
        }
    }

    /// What computes it, once resolved.
    func algorithm(for convolution: Convolution) -> any ConvolutionAlgorithm {
        switch self {
        case .winograd:
            if let winograd = WinogradConvolution(convolution) { return winograd }
            if let stem = WinogradStem(convolution) { return stem }
        case .openBLAS: return DirectConvolution(convolution, .openBLAS)
        case .direct, .fastest: break
        }
        return DirectConvolution(convolution, .kernels)
    }
}
