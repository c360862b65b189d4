import CKernels

/// A 3x3 convolution of stride 1 by Winograd's F(4x4, 3x3): tiles transformed, 36 products, transformed back.
///
/// Forward and the data gradient are the same work, the latter on dy with the taps turned around. A worker takes a
/// block of tiles through all three stages while it stays in its second-level cache. Relative error about 1e-6.
struct WinogradConvolution: ConvolutionAlgorithm {
    let convolution: Convolution

    /// Nil unless the convolution is 3x3 with stride 1 and padding 1.
    init?(_ convolution: Convolution) {
        guard convolution.kernel == 3, convolution.stride == 1, convolution.padding == 1 else { return nil }
        self.convolution = convolution
    }

    static let positions = 36

    /// Floats from one position to the next of at least `count`: an odd number of pairs of cache lines, so that the 36
    /// values of a tile do not fall into the same few cache sets (input transform at 128 channels: 190 ns against 40).
    static func positionStride(_ count: Int) -> Int { (count + 31) / 64 * 64 + 32 }

    /// Tiles of a map: 4 x 4 outputs each.
    static func tiles(_ shape: MapShape) -> Int { shape.images * ((shape.height + 3) / 4) * ((shape.width + 3) / 4) }
    private var tiles: Int { Self.tiles(convolution.output) }
    private var inputs: Int { convolution.input.channels }
    private var outputs: Int { convolution.output.channels }

    /// Reading 36 weights where the direct way reads 9 pays only with tiles enough, transforming them anew in each
    /// training step only with more; and lanes want 16 channels.
    func isWorthwhile(training: Bool) -> Bool {
        guard inputs >= 16, outputs >= 16 else { return false }
        let isSmall = inputs * outputs <= 1 << 14
        return tiles >= (training && !isSmall ? 16 : 12)
    }

    // MARK: Weights

    private func packed(_ pointer: Floats, k: Int, n: Int) -> (Int) -> PackedMatrix {
        let size = Self.packedStride(k: k, n: n)
        return { PackedMatrix(product: .kernels, pointer: pointer + $0 * size, k: k, n: n) }
    }

    private static func packedStride(k: Int, n: Int) -> Int {
        positionStride(PackedMatrix.count(.kernels, k: k, n: n))
    }

    var forwardWeightCount: Int { Self.positions * Self.packedStride(k: inputs, n: outputs) }
    var backwardWeightCount: Int { Self.positions * Self.packedStride(k: outputs, n: inputs) }

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
                weight, Int64(k * n), Int64(n), rotated ? 1 : 0, Int64(rows.lowerBound), Int64(rows.count), Int64(n),
                packed, Int64(k * width), Int64(size))
        }
    }

    // MARK: Forward and data gradient

    /// Tiles of a block: what keeps both transformed sides near 1 MiB, and an even number of blocks.
    private static func mostTiles(k: Int, n: Int) -> Int { k + n <= 256 ? 24 : k + n <= 512 ? 48 : 96 }

    private static func blockTiles(_ tiles: Int, k: Int, n: Int) -> Int {
        let most = mostTiles(k: k, n: n)
        var pieces = (tiles + most - 1) / most
        pieces = max(min(2, tiles), pieces + pieces % 2)
        return (tiles + pieces - 1) / pieces
    }

    func scratchCount(_ pass: ConvolutionPass, _ workers: Workers) -> Int {
        func block(k: Int, n: Int) -> Int {
            let most = min(tiles, Self.mostTiles(k: k, n: n))
            return workers.count * Self.positions
                * (Self.positionStride(most * DirectConvolution.stride(k)) + Self.positionStride(most * n))
        }
        switch pass {
        case .inference, .forward: return block(k: inputs, n: outputs)
        case .backwardData: return max(convolution.weightCount, block(k: outputs, n: inputs))
        case .backwardWeight: return weightGradient.scratchCount
        }
    }

    private func run(
        _ x: UnsafePointer<Float>, _ affine: AssayAffine, _ weights: (Int) -> PackedMatrix, _ window: AssayWindow,
        k: Int, n: Int, _ y: Floats, _ epilogue: Epilogue, scratch: Floats, _ workers: Workers
    ) {
        let length = Self.blockTiles(tiles, k: k, n: n)
        let stride = DirectConvolution.stride(k)
        let (vStride, mStride) = (Self.positionStride(length * stride), Self.positionStride(length * n))
        workers.run(over: tiles, length: length) { block, worker in
            let v = scratch + worker * Self.positions * (vStride + mStride)
            let m = v + Self.positions * vStride
            let count = block.count
            assay_winograd_input(
                x, affine, window, Int64(block.lowerBound), Int64(count), v, Int64(stride), Int64(vStride))
            for position in 0..<Self.positions {
                weights(position).multiply(
                    v + position * vStride, aRow: stride, m: count, columns: 0..<n, m + position * mStride, ldc: n)
            }
            assay_winograd_output(
                m, Int64(n), Int64(mStride), window, Int64(n), Int64(block.lowerBound), Int64(count), y, Int64(n), epilogue)
        }
    }

    func forward(
        _ x: UnsafePointer<Float>, _ affine: AssayAffine, packed: Floats, _ y: Floats, _ epilogue: Epilogue,
        scratch: Floats, _ workers: Workers
    ) {
        run(
            x, affine, self.packed(packed, k: inputs, n: outputs), convolution.window, k: inputs, n: outputs, y,
            epilogue, scratch: scratch, workers)
    }

    func backwardData(
        _ dy: UnsafePointer<Float>, packed: Floats, _ dx: Floats, accumulate: Bool, scratch: Floats,
        _ workers: Workers
    ) {
        var window = convolution.window
        window.channels = Int32(outputs)
        run(
            dy, .none, self.packed(packed, k: outputs, n: inputs), window, k: outputs, n: inputs, dx,
            Epilogue(residual: accumulate ? UnsafePointer(dx) : nil), scratch: scratch, workers)
    }

    // MARK: Training

    private var fewTiles: WinogradFewTiles? { WinogradFewTiles(convolution) }
    private var weightGradient: WinogradWeightGradient { WinogradWeightGradient(convolution) }

    func trainingScratchCount(_ workers: Workers) -> Int {
        guard let fewTiles else { return packedScratchCount(workers) }
        return fewTiles.scratchCount(workers)
    }

    func forward(
        _ x: UnsafePointer<Float>, _ affine: AssayAffine, weight: UnsafePointer<Float>, _ y: Floats,
        _ epilogue: Epilogue, scratch: Floats, _ workers: Workers
    ) {
        guard let fewTiles else {
            return packedForward(x, affine, weight: weight, y, epilogue, scratch: scratch, workers)
        }
        fewTiles.forward(x, affine, weight: weight, y, epilogue, scratch: scratch, workers)
    }

    func backwardData(
        _ dy: UnsafePointer<Float>, weight: UnsafePointer<Float>, _ dx: Floats, accumulate: Bool, scratch: Floats,
        _ workers: Workers
    ) {
        guard let fewTiles else {
            return packedBackwardData(
                dy, weight: weight, dx, accumulate: accumulate, scratch: scratch, workers)
        }
        fewTiles.backwardData(dy, weight: weight, dx, accumulate: accumulate, scratch: scratch, workers)
    }

    func backwardWeight(
        _ x: UnsafePointer<Float>, _ affine: AssayAffine, _ dy: UnsafePointer<Float>, _ dWeight: Floats,
        scratch: Floats, _ workers: Workers
    ) {
        guard let fewTiles else { return weightGradient.run(x, affine, dy, dWeight, scratch: scratch, workers) }
        fewTiles.backwardWeight(x, affine, dy, dWeight, scratch: scratch, workers)
    }
}
