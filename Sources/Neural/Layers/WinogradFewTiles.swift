import CKernels

/// A training step's passes of a 3x3 convolution over so few tiles that its time would go into the transformed weights:
/// four times what is stored, written and read again for a few rows of products.
///
/// A worker transforms a block of the weight into its second cache, multiplies all tiles with it, and goes on; the
/// products of the weight gradient go back to nine taps in the same way.
struct WinogradFewTiles {
    private let convolution: Convolution

    /// Nil where blocks of tiles are many enough to pay for transformed weights.
    init?(_ convolution: Convolution) {
        guard WinogradConvolution.tiles(convolution.output) <= Self.mostTiles else { return nil }
        self.convolution = convolution
    }

    private static let mostTiles = 96
    private static let positions = WinogradConvolution.positions
    /// A block of the weight: its transform, 36 * 128 * 32 floats, takes 0.6 of 1 MiB.
    private static let blockRows = 128
    private static let blockColumns = MatrixProduct.columnStep
    private static var blockCount: Int { WinogradConvolution.positionStride(blockRows * blockColumns) }

    private var tiles: Int { WinogradConvolution.tiles(convolution.output) }
    private var inputs: Int { convolution.input.channels }
    private var outputs: Int { convolution.output.channels }

    func scratchCount(_ workers: Workers) -> Int {
        let most = max(inputs, outputs)
        return Self.positions
            * (inputCount(most) + gradientCount + workers.count * (Self.blockCount + productCount)) + workers.count
            * Self.tapCount
    }

    /// Floats from one position to the next: of all transformed inputs, of a worker's products, of all gradients.
    private func inputCount(_ k: Int) -> Int {
        WinogradConvolution.positionStride(tiles * DirectConvolution.stride(k))
    }
    private var productCount: Int { WinogradConvolution.positionStride(tiles * Self.blockColumns) }
    private var gradientCount: Int {
        WinogradConvolution.positionStride(PackedMatrix.count(.kernels, k: tiles, n: outputs))
    }
    private static var tapCount: Int { 9 * blockRows * blockColumns }

    // MARK: Forward and data gradient

    /// `taps` gives a block of the weight, [9][rows][columns]: where it begins, and how far taps and rows are apart.
    private typealias Taps = (
        _ rows: Range<Int>, _ columns: Range<Int>, _ scratch: Floats
    ) -> (UnsafePointer<Float>, tap: Int, row: Int)

    private func run(
        _ x: UnsafePointer<Float>, _ affine: AssayAffine, k: Int, n: Int, rotated: Bool, _ y: Floats,
        _ epilogue: Epilogue, scratch: Floats, _ workers: Workers, _ taps: Taps
    ) {
        var window = convolution.window
        window.channels = Int32(k)
        let (stride, vStride, mStride, uStride) = (
            DirectConvolution.stride(k), inputCount(k), productCount, Self.blockCount
        )
        let (v, width) = (scratch, Int(assay_panel_width()))
        workers.run(over: tiles, length: 4) { part, _ in
            assay_winograd_input(
                x, affine, window, Int64(part.lowerBound), Int64(part.count), v + part.lowerBound * stride,
                Int64(stride), Int64(vStride))
        }
        let perWorker = Self.positions * (uStride + mStride) + Self.tapCount
        workers.run(over: n, length: Self.blockColumns) { columns, worker in
            let u = v + Self.positions * vStride + worker * perWorker
            let m = u + Self.positions * uStride
            for first in Swift.stride(from: 0, to: k, by: Self.blockRows) {
                let rows = first..<min(k, first + Self.blockRows)
                let block = taps(rows, columns, m + Self.positions * mStride)
                assay_winograd_weight(
                    block.0, Int64(block.tap), Int64(block.row), rotated ? 1 : 0, 0, Int64(rows.count),
                    Int64(columns.count), u, Int64(rows.count * width), Int64(uStride))
                for position in 0..<Self.positions {
                    let right = PackedMatrix(
                        product: .kernels, pointer: u + position * uStride, k: rows.count, n: columns.count)
                    right.multiply(
                        v + position * vStride + first, aRow: stride, m: tiles, columns: 0..<columns.count,
                        m + position * mStride, ldc: Self.blockColumns, accumulate: first > 0)
                }
            }
            assay_winograd_output(
                m, Int64(Self.blockColumns), Int64(mStride), window, Int64(columns.count), 0, Int64(tiles),
                y + columns.lowerBound, Int64(n), epilogue.at(row: 0, stride: n, column: columns.lowerBound))
        }
    }

    func forward(
        _ x: UnsafePointer<Float>, _ affine: AssayAffine, weight: UnsafePointer<Float>, _ y: Floats,
        _ epilogue: Epilogue, scratch: Floats, _ workers: Workers
    ) {
        let (inputs, outputs) = (inputs, outputs)
        run(
            x, affine, k: inputs, n: outputs, rotated: false, y, epilogue, scratch: scratch, workers
        ) { rows, columns, _ in
            (weight + rows.lowerBound * outputs + columns.lowerBound, inputs * outputs, outputs)
        }
    }

    /// On dy, with the taps turned around and the weight transposed.
    func backwardData(
        _ dy: UnsafePointer<Float>, weight: UnsafePointer<Float>, _ dx: Floats, accumulate: Bool, scratch: Floats,
        _ workers: Workers
    ) {
        let (inputs, outputs, width) = (inputs, outputs, Self.blockColumns)
        run(
            dy, .none, k: outputs, n: inputs, rotated: true, dx,
            Epilogue(residual: accumulate ? UnsafePointer(dx) : nil), scratch: scratch, workers
        ) { rows, columns, target in
            for tap in 0..<9 {
                assay_transpose(
                    weight + (tap * inputs + columns.lowerBound) * outputs + rows.lowerBound, Int64(outputs),
                    Int64(columns.count), Int64(rows.count), target + tap * rows.count * width, Int64(width))
            }
            return (UnsafePointer(target), rows.count * width, width)
        }
    }

    // MARK: Weight gradient

    func backwardWeight(
        _ x: UnsafePointer<Float>, _ affine: AssayAffine, _ dy: UnsafePointer<Float>, _ dWeight: Floats,
        scratch: Floats, _ workers: Workers
    ) {
        let (tiles, inputs, outputs, window) = (tiles, inputs, outputs, convolution.window)
        let (stride, vStride, gStride, uStride) = (
            DirectConvolution.stride(inputs), inputCount(inputs), gradientCount, Self.blockCount
        )
        let (v, width) = (scratch, Int(assay_panel_width()))
        let panels = v + Self.positions * vStride
        let ownScratch = panels + Self.positions * gStride
        workers.run(over: tiles, length: 4) { part, _ in
            assay_winograd_input(
                x, affine, window, Int64(part.lowerBound), Int64(part.count), v + part.lowerBound * stride,
                Int64(stride), Int64(vStride))
            assay_winograd_output_gradient(
                dy, window, Int64(outputs), Int64(part.lowerBound), Int64(part.count),
                panels + part.lowerBound * width, Int64(tiles * width), Int64(gStride))
        }
        // The columns go round first: a block of the inputs stays near while the smaller gradients pass by.
        let across = (outputs + Self.blockColumns - 1) / Self.blockColumns
        workers.run((inputs + Self.blockRows - 1) / Self.blockRows * across) { piece, worker in
            let row = piece / across * Self.blockRows, column = piece % across * Self.blockColumns
            let (rows, columns) = (min(Self.blockRows, inputs - row), min(Self.blockColumns, outputs - column))
            let u = ownScratch + worker * Self.positions * uStride
            for position in 0..<Self.positions {
                let right = PackedMatrix(
                    product: .kernels, pointer: panels + position * gStride, k: tiles, n: outputs)
                right.multiply(
                    v + position * vStride + row, aRow: 1, aColumn: stride, m: rows,
                    columns: column..<column + columns, u + position * uStride, ldc: Self.blockColumns)
            }
            for r in 0..<rows {
                assay_winograd_weight_gradient(
                    u + r * Self.blockColumns, Int64(uStride), 0, Int64(columns),
                    dWeight + (row + r) * outputs + column, Int64(inputs * outputs))
            }
        }
    }
}
