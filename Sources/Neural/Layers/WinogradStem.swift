import CKernels

/// A ResNet's first convolution, 7x7 with stride 2 over up to four channels, by Winograd's F(3x3, 4x4) over cells of
/// two by two pixels. A worker takes a row of tiles, three lines of outputs, through all stages in its second cache.
struct WinogradStem: ConvolutionAlgorithm {
    let convolution: Convolution
    private let direct: DirectConvolution

    /// Nil for other convolutions.
    init?(_ convolution: Convolution) {
        guard convolution.kernel == 7, convolution.stride == 2, convolution.padding == 3,
            convolution.input.channels <= 4
        else { return nil }
        self.convolution = convolution
        direct = DirectConvolution(convolution, .kernels)
    }

    /// Tiles cut at the edge are computed whole, and lanes want 16 channels. Inference multiplies directly, which rounds half
    /// as much and takes the same time with AVX2; with AVX-512 that has not been measured. Logits of a ResNet-50 whose norms
    /// fit random images are 3.4e-5 to 4.2e-5 from those in float64, by Winograd 3.4e-5 to 4.8e-5 (PyTorch's 2.4e-5 to 3e-5).
    func isWorthwhile(training: Bool) -> Bool {
        training && outputs >= 16 && min(convolution.output.height, convolution.output.width) >= 8
    }

    /// Outputs of a tile along an axis, the cells that they take, and the products of a tile.
    private static let tile = 3
    private static let size = tile + 3
    private static let positions = size * size
    private var outputs: Int { convolution.output.channels }
    /// Values of a cell.
    private var values: Int { 4 * convolution.input.channels }
    /// Floats from one cell to the next, and from one tile's values at a position to the next's: whole lanes.
    private static let cell = 16
    /// Tiles of a row.
    private var tiles: Int { (convolution.output.width + Self.tile - 1) / Self.tile }
    private var rowsOfTiles: Int { (convolution.output.height + Self.tile - 1) / Self.tile }
    private var columns: Int { Self.tile * tiles + 3 }

    func executedMultiplyAdds(_ pass: ConvolutionPass) -> Int {
        pass == .backwardData
            ? convolution.multiplyAdds
            : convolution.output.images * rowsOfTiles * tiles * Self.positions * values * outputs
    }

    // Floats from one position to the next.
    private var weightStride: Int {
        WinogradTransform.positionStride(PackedMatrix.count(.kernels, k: values, n: outputs))
    }
    private var inputStride: Int { WinogradTransform.positionStride(tiles * Self.cell) }
    private var outputStride: Int { WinogradTransform.positionStride(tiles * outputs) }
    private var gradientStride: Int {
        WinogradTransform.positionStride(PackedMatrix.count(.kernels, k: tiles, n: outputs))
    }
    private var productStride: Int { WinogradTransform.positionStride(values * outputs) }

    private var cellCount: Int { Self.size * columns * Self.cell }

    var forwardWeightCount: Int { Self.positions * weightStride }
    var backwardWeightCount: Int { direct.backwardWeightCount }

    func packForward(_ weight: UnsafePointer<Float>, into packed: Floats, _ workers: Workers) {
        assay_stem_weight(
            weight, Int64(convolution.input.channels), Int64(outputs), packed,
            Int64(values) * assay_panel_width(), Int64(weightStride))
    }

    func packBackward(_ weight: UnsafePointer<Float>, into packed: Floats, scratch: Floats, _ workers: Workers) {
        direct.packBackward(weight, into: packed, scratch: scratch, workers)
    }

    func scratchCount(_ pass: ConvolutionPass, _ workers: Workers) -> Int {
        switch pass {
        case .inference, .forward: workers.count * (cellCount + Self.positions * (inputStride + outputStride))
        case .backwardData: direct.scratchCount(pass, workers)
        case .backwardWeight:
            ranges * Self.positions * productStride
                + workers.count * (cellCount + Self.positions * (inputStride + gradientStride))
        }
    }

    func finishedPieces(_ pass: ConvolutionPass) -> Int {
        switch pass {
        case .inference, .forward: convolution.input.images * rowsOfTiles
        case .backwardData: direct.finishedPieces(pass)
        case .backwardWeight: 0
        }
    }

    /// A row of tiles: its first line of outputs, and that line's position in the map.
    private func place(_ row: Int) -> (image: Int, line: Int, position: Int) {
        let (image, line) = (row / rowsOfTiles, row % rowsOfTiles * Self.tile)
        return (image, line, (image * convolution.output.height + line) * convolution.output.width)
    }

    private func transformInput(
        _ x: UnsafePointer<Float>, _ affine: AssayAffine, image: Int, line: Int, cells: Floats, _ v: Floats
    ) {
        let input = convolution.input
        assay_stem_cells(
            x + image * input.height * input.width * input.channels, affine, convolution.window, Int64(line),
            Int64(Self.size), Int64(columns), cells)
        assay_stem_input(cells, Int64(columns), Int64(tiles), v, Int64(inputStride))
    }

    func forward(
        _ x: UnsafePointer<Float>, _ affine: AssayAffine, packed: Floats, _ y: Floats, _ epilogue: Epilogue,
        _ finished: FinishedRows, scratch: Floats, _ workers: Workers
    ) {
        let (tiles, values, outputs) = (tiles, values, outputs)
        let (weightStride, inputStride, outputStride) = (weightStride, inputStride, outputStride)
        let perWorker = cellCount + Self.positions * (inputStride + outputStride)
        workers.run(convolution.output.images * rowsOfTiles) { row, worker in
            let (image, line, position) = place(row)
            let cells = scratch + worker * perWorker
            let v = cells + cellCount
            let m = v + Self.positions * inputStride
            transformInput(x, affine, image: image, line: line, cells: cells, v)
            for position in 0..<Self.positions {
                PackedMatrix(product: .kernels, pointer: packed + position * weightStride, k: values, n: outputs)
                    .multiply(
                        v + position * inputStride, aRow: Self.cell, m: tiles, columns: 0..<outputs,
                        m + position * outputStride, ldc: outputs)
            }
            assay_stem_output(
                m, Int64(outputStride), convolution.window, Int64(outputs), Int64(line), y + position * outputs,
                epilogue.adding(to: finished.sums, piece: row).at(row: position, stride: outputs, column: 0))
        }
    }

    func backwardData(
        _ dy: UnsafePointer<Float>, packed: Floats, _ dx: Floats, accumulate: Bool, _ finished: FinishedRows,
        scratch: Floats, _ workers: Workers
    ) {
        direct.backwardData(dy, packed: packed, dx, accumulate: accumulate, finished, scratch: scratch, workers)
    }

    // MARK: Weight gradient

    /// Ranges of rows of tiles, each with products of its own; these are added in order.
    private var ranges: Int { min(8, convolution.input.images * rowsOfTiles) }

    func backwardWeight(
        _ x: UnsafePointer<Float>, _ affine: AssayAffine, _ dy: UnsafePointer<Float>, _ dWeight: Floats,
        scratch: Floats, _ workers: Workers
    ) {
        backwardWeight(x, affine, dWeight, scratch: scratch, workers) { rows, _ in dy + rows.lowerBound * outputs }
    }

    /// `gradient` gives that of some rows of the map, the lines under a row of tiles.
    private func backwardWeight(
        _ x: UnsafePointer<Float>, _ affine: AssayAffine, _ dWeight: Floats, scratch: Floats, _ workers: Workers,
        gradient: (_ rows: Range<Int>, _ worker: Int) -> UnsafePointer<Float>
    ) {
        let (tiles, values, outputs) = (tiles, values, outputs)
        let (inputStride, gradientStride, productStride) = (inputStride, gradientStride, productStride)
        let perWorker = cellCount + Self.positions * (inputStride + gradientStride)
        let perRange = Self.positions * productStride
        let rows = convolution.input.images * rowsOfTiles
        let length = (rows + ranges - 1) / ranges
        let own = scratch + ranges * perRange
        workers.run(over: rows, length: length) { range, worker in
            let u = scratch + range.lowerBound / length * perRange
            let cells = own + worker * perWorker
            let v = cells + cellCount
            let panels = v + Self.positions * inputStride
            for row in range {
                let (image, line, position) = place(row)
                transformInput(x, affine, image: image, line: line, cells: cells, v)
                let lines = min(Self.tile, convolution.output.height - line)
                assay_stem_output_gradient(
                    gradient(position..<position + lines * convolution.output.width, worker), convolution.window,
                    Int64(outputs), Int64(line), panels,
                    Int64(tiles) * assay_panel_width(), Int64(gradientStride))
                for position in 0..<Self.positions {
                    PackedMatrix(product: .kernels, pointer: panels + position * gradientStride, k: tiles, n: outputs)
                        .multiply(
                            v + position * inputStride, aRow: 1, aColumn: Self.cell, m: values, columns: 0..<outputs,
                            u + position * productStride, ldc: outputs, accumulate: row > range.lowerBound)
                }
            }
        }
        workers.addUp(scratch, (rows + length - 1) / length, count: perRange, into: scratch)
        assay_stem_weight_gradient(
            scratch, Int64(productStride), Int64(convolution.input.channels), Int64(outputs), dWeight)
    }
}

extension WinogradStem: FusedBackward {
    /// Nobody wants the data gradient.
    var pieces: Int { 0 }
    /// The lines under a row of tiles.
    private var lineCount: Int { DirectConvolution.aligned(Self.tile * convolution.output.width * outputs) }

    func scratchCount(_ workers: Workers) -> Int {
        workers.count * lineCount + scratchCount(.backwardWeight, workers)
    }

    /// 51 MB of dy: 4 ms less than to store it and to read it again.
    func run(
        _ x: UnsafePointer<Float>, _ affine: AssayAffine, _ dy: BatchNorm.InputGradient, weight: UnsafePointer<Float>,
        dWeight: Floats?, _ target: DataGradientTarget?, scratch: Floats, _ workers: Workers
    ) {
        guard let dWeight else { return }
        backwardWeight(x, affine, dWeight, scratch: scratch + workers.count * lineCount, workers) { rows, worker in
            let lines = scratch + worker * lineCount
            dy.store(rows, in: lines, stride: outputs)
            return UnsafePointer(lines)
        }
    }
}
