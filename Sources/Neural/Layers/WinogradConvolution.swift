import CKernels

/// A 3x3 convolution of stride 1 by Winograd's F(4x4, 3x3): tiles transformed, 36 products, transformed back.
///
/// Forward and the data gradient are the same work (`WinogradPass`), the latter on dy with the taps turned around. Relative
/// error about 1e-6.
struct WinogradConvolution: ConvolutionAlgorithm {
    let convolution: Convolution
    let transform: WinogradTransform

    /// Nil unless the convolution is 3x3 with stride 1 or 2 and padding 1.
    init?(_ convolution: Convolution) {
        guard let transform = WinogradTransform(convolution) else { return nil }
        (self.convolution, self.transform) = (convolution, transform)
    }

    private var tiles: Int { transform.tiles }
    private var inputs: Int { convolution.input.channels }
    private var outputs: Int { convolution.output.channels }

    /// Reading 36 weights where the direct way reads 9 pays only with tiles enough, transforming them anew in each
    /// training step only with more; and lanes want 16 channels.
    func isWorthwhile(training: Bool) -> Bool {
        guard inputs >= 16, outputs >= 16 else { return false }
        let isSmall = inputs * outputs <= 1 << 14
        return tiles >= (training && !isSmall ? 16 : 12)
    }

    func executedMultiplyAdds(_ pass: ConvolutionPass) -> Int { transform.productCount * inputs * outputs }

    // MARK: Weights

    private func packed(_ pointer: Floats, k: Int, n: Int) -> (Int) -> PackedMatrix {
        let size = Self.packedStride(k: k, n: n)
        return { PackedMatrix(product: .kernels, pointer: pointer + $0 * size, k: k, n: n) }
    }

    private static func packedStride(k: Int, n: Int) -> Int {
        WinogradTransform.positionStride(PackedMatrix.count(.kernels, k: k, n: n))
    }

    var forwardWeightCount: Int { WinogradTransform.weights * Self.packedStride(k: inputs, n: outputs) }
    var backwardWeightCount: Int { WinogradTransform.weights * Self.packedStride(k: outputs, n: inputs) }

    func packForward(_ weight: UnsafePointer<Float>, into packed: Floats, _ workers: Workers) {
        transform(weight, k: inputs, n: outputs, rotated: false, into: packed, workers)
    }

    func packBackward(_ weight: UnsafePointer<Float>, into packed: Floats, scratch: Floats, _ workers: Workers) {
        // [9][I, O] -> [9][O, I], so that lanes run over the inputs.
        let tap = inputs * outputs
        let slice = 64
        let slices = (outputs + slice - 1) / slice
        workers.run(9 * slices) { piece, _ in
            let (tapIndex, first) = (piece / slices, piece % slices * slice)
            let count = min(slice, outputs - first)
            assay_transpose(
                weight + tapIndex * tap + first, Int64(outputs), Int64(inputs), Int64(count),
                scratch + tapIndex * tap + first * inputs, Int64(inputs))
        }
        transform(scratch, k: outputs, n: inputs, rotated: true, into: packed, workers)
    }

    private func transform(
        _ weight: UnsafePointer<Float>, k: Int, n: Int, rotated: Bool, into packed: Floats, _ workers: Workers
    ) {
        let width = Int(assay_panel_width())
        let size = Self.packedStride(k: k, n: n)
        workers.run(over: k, length: 8) { rows, _ in
            assay_winograd_weight(
                weight, Int64(k * n), Int64(n), Int32(transform.stride), rotated ? 1 : 0, Int64(rows.lowerBound),
                Int64(rows.count), Int64(n), packed, Int64(k * width), Int64(size))
        }
    }

    // MARK: Forward and data gradient

    private var forwardPass: WinogradPass { WinogradPass(transform: transform, k: inputs, n: outputs) }
    private var backwardPass: WinogradPass { WinogradPass(transform: transform, k: outputs, n: inputs) }

    func scratchCount(_ pass: ConvolutionPass, _ workers: Workers) -> Int {
        switch pass {
        case .inference, .forward: return forwardPass.scratchCount(workers)
        case .backwardData: return max(convolution.weightCount, backwardPass.scratchCount(workers))
        case .backwardWeight: return rangeGradient?.scratchCount(workers) ?? weightGradient.scratchCount
        }
    }

    /// Pieces that a forward pass adds up apart. It tells of no rows: those of some tiles do not follow one another.
    func finishedPieces(_ pass: ConvolutionPass) -> Int {
        guard pass == .forward else { return 0 }
        return fewTiles != nil ? 1 : forwardPass.parts
    }

    func forward(
        _ x: UnsafePointer<Float>, _ affine: AssayAffine, packed: Floats, _ y: Floats, _ epilogue: Epilogue,
        _ finished: FinishedRows, scratch: Floats, _ workers: Workers
    ) {
        let (outputs, pass) = (outputs, forwardPass)
        pass.run(self.packed(packed, k: inputs, n: outputs), scratch: scratch, workers) {
            transform.input(x, affine, $0.tiles, $0.v, rowStride: $0.rowStride, positionStride: $0.vStride)
        } output: {
            transform.output(
                $0.m, rowStride: outputs, positionStride: $0.mStride, $0.tiles, channels: outputs, y, yStride: outputs,
                epilogue.adding(to: finished.sums, piece: $0.tiles.lowerBound / pass.partTiles))
        }
    }

    func backwardData(
        _ dy: UnsafePointer<Float>, packed: Floats, _ dx: Floats, accumulate: Bool,
        _ finished: FinishedRows, scratch: Floats, _ workers: Workers
    ) {
        let (inputs, epilogue) = (inputs, Epilogue(residual: accumulate ? UnsafePointer(dx) : nil))
        backwardPass.run(self.packed(packed, k: outputs, n: inputs), scratch: scratch, workers) {
            transform.backInput(dy, $0.tiles, $0.v, rowStride: $0.rowStride, positionStride: $0.vStride)
        } output: {
            transform.backOutput(
                $0.m, rowStride: inputs, positionStride: $0.mStride, $0.tiles, channels: inputs, dx, dxStride: inputs,
                epilogue)
        }
    }

    // MARK: Training

    private var fewTiles: WinogradFewTiles? { WinogradFewTiles(convolution, transform) }
    private var rangeGradient: WinogradRangeGradient? { WinogradRangeGradient(convolution, transform) }
    private var weightGradient: WinogradWeightGradient { WinogradWeightGradient(convolution, transform) }

    func trainingScratchCount(_ workers: Workers) -> Int {
        guard let fewTiles else { return packedScratchCount(workers) }
        return fewTiles.scratchCount(workers)
    }

    func forward(
        _ x: UnsafePointer<Float>, _ affine: AssayAffine, weight: UnsafePointer<Float>, _ y: Floats,
        _ epilogue: Epilogue, _ finished: FinishedRows, scratch: Floats, _ workers: Workers
    ) {
        guard let fewTiles else {
            return packedForward(x, affine, weight: weight, y, epilogue, finished, scratch: scratch, workers)
        }
        fewTiles.forward(
            x, affine, weight: weight, y, epilogue.adding(to: finished.sums, piece: 0), scratch: scratch, workers)
    }

    func backwardData(
        _ dy: UnsafePointer<Float>, weight: UnsafePointer<Float>, _ dx: Floats, accumulate: Bool,
        _ finished: FinishedRows, scratch: Floats, _ workers: Workers
    ) {
        guard let fewTiles else {
            return packedBackwardData(
                dy, weight: weight, dx, accumulate: accumulate, finished, scratch: scratch, workers)
        }
        fewTiles.backwardData(dy, weight: weight, dx, accumulate: accumulate, scratch: scratch, workers)
    }

    func backwardWeight(
        _ x: UnsafePointer<Float>, _ affine: AssayAffine, _ dy: UnsafePointer<Float>, _ dWeight: Floats,
        scratch: Floats, _ workers: Workers
    ) {
        if let rangeGradient { return rangeGradient.run(x, affine, dy, dWeight, scratch: scratch, workers) }
        guard let fewTiles else { return weightGradient.run(x, affine, dy, dWeight, scratch: scratch, workers) }
        fewTiles.backwardWeight(x, affine, dy, dWeight, scratch: scratch, workers)
    }
}
