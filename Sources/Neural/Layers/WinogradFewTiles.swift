import CKernels

/// A training step's passes of a 3x3 convolution over so few tiles that its time would go into the transformed weights:
/// four times what is stored, written and read again for a few rows of products.
///
/// A worker transforms a block of the weight into its second cache, multiplies all tiles with it, and goes on; the
/// products of the weight gradient go back to nine taps in the same way.
struct WinogradFewTiles {
    private let convolution: Convolution
    private let transform: WinogradTransform

    /// Nil where blocks of tiles are many enough to pay for transformed weights.
    init?(_ convolution: Convolution, _ transform: WinogradTransform) {
        guard transform.tiles <= Self.mostTiles else { return nil }
        (self.convolution, self.transform) = (convolution, transform)
    }

    private static let mostTiles = 96
    /// A block of the weight: its transform, 36 * 128 * 32 floats, takes 0.6 of 1 MiB. Where the second cache has two,
    /// twice the columns, which changes no bit: the transformed tiles come from the third cache half as often (a layer
    /// of 512 channels, 7 x 7, Emerald Rapids: 21.6 to 19.4 ms).
    private static let blockRows = 128
    private static let blockColumns = (CacheSize.second >= 2 << 20 ? 2 : 1) * MatrixProduct.columnStep
    private static var blockCount: Int { WinogradTransform.positionStride(blockRows * blockColumns) }

    private var tiles: Int { transform.tiles }
    private var positions: Int { transform.positions }
    private var inputs: Int { convolution.input.channels }
    private var outputs: Int { convolution.output.channels }

    func scratchCount(_ workers: Workers) -> Int {
        positions * (inputCount(max(inputs, outputs)) + gradientCount) + workers.count * perWorker
    }

    /// Of a worker: a block of transformed weights, of the weight or its gradient, and of products.
    private var perWorker: Int { Self.weightCount + positions * productCount }
    private static var weightCount: Int { (WinogradTransform.weights + 9) * blockCount }

    /// Floats from one position to the next: of all transformed inputs, of a worker's products, of all gradients.
    private func inputCount(_ k: Int) -> Int {
        WinogradTransform.positionStride(tiles * DirectConvolution.stride(k))
    }
    private var productCount: Int { WinogradTransform.positionStride(tiles * Self.blockColumns) }
    private var gradientCount: Int {
        WinogradTransform.positionStride(PackedMatrix.count(.kernels, k: tiles, n: outputs))
    }

    // MARK: Forward and data gradient

    /// Brings a tap's block of the weight to [rows][blockColumns]. Where they lie, the nine taps are a power of two apart
    /// as a rule: nine lines in one set of a cache of eight ways, of which none is still there when it is used (512 x
    /// 512, Zen 3: 5.4 to 3.5 ms with the copy; gradients, on their way back, 4.3 to 3.2).
    private typealias Tap = (_ tap: Int, _ rows: Range<Int>, _ columns: Range<Int>, _ target: Floats) -> Void

    private func run(
        k: Int, n: Int, rotated: Bool, scratch: Floats, _ workers: Workers,
        input: (_ tiles: Range<Int>, _ v: Floats, _ rowStride: Int, _ positionStride: Int) -> Void,
        output: (_ m: Floats, _ positionStride: Int, _ columns: Range<Int>) -> Void, tap: Tap
    ) {
        let (stride, vStride, mStride, uStride) = (
            DirectConvolution.stride(k), inputCount(k), productCount, Self.blockCount
        )
        let (v, width) = (scratch, Int(assay_panel_width()))
        let products = transform.products
        workers.run(over: tiles, length: 4) { part, _ in
            input(part, v + part.lowerBound * stride, stride, vStride)
        }
        workers.run(over: n, length: Self.blockColumns) { columns, worker in
            let u = v + positions * vStride + worker * perWorker
            let (block, m) = (u + WinogradTransform.weights * uStride, u + Self.weightCount)
            for first in Swift.stride(from: 0, to: k, by: Self.blockRows) {
                let rows = first..<min(k, first + Self.blockRows)
                for index in 0..<9 { tap(index, rows, columns, block + index * uStride) }
                assay_winograd_weight(
                    block, Int64(uStride), Int64(Self.blockColumns), Int32(transform.stride), rotated ? 1 : 0, 0,
                    Int64(rows.count), Int64(columns.count), u, Int64(rows.count * width), Int64(uStride))
                for product in products {
                    let part = transform.tiles(of: product, in: 0..<tiles)
                    guard !part.isEmpty else { continue }
                    let right = PackedMatrix(
                        product: .kernels, pointer: u + product.weight * uStride, k: rows.count, n: columns.count)
                    right.multiply(
                        v + product.position * vStride + part.lowerBound * stride + first, aRow: stride, m: part.count,
                        columns: 0..<columns.count,
                        m + product.position * mStride + part.lowerBound * Self.blockColumns, ldc: Self.blockColumns,
                        accumulate: first > 0)
                }
            }
            output(m, mStride, columns)
        }
    }

    func forward(
        _ x: UnsafePointer<Float>, _ affine: AssayAffine, weight: UnsafePointer<Float>, _ y: Floats,
        _ epilogue: Epilogue, scratch: Floats, _ workers: Workers
    ) {
        let (tiles, inputs, outputs, width) = (tiles, inputs, outputs, Self.blockColumns)
        run(k: inputs, n: outputs, rotated: false, scratch: scratch, workers) {
            transform.input(x, affine, $0, $1, rowStride: $2, positionStride: $3)
        } output: { m, positionStride, columns in
            transform.output(
                m, rowStride: width, positionStride: positionStride, 0..<tiles, channels: columns.count,
                y + columns.lowerBound, yStride: outputs,
                epilogue.at(row: 0, stride: outputs, column: columns.lowerBound))
        } tap: { tap, rows, columns, target in
            assay_read_rows(
                weight + (tap * inputs + rows.lowerBound) * outputs + columns.lowerBound, Int64(outputs), AssayAffine(),
                Int64(rows.count), Int64(columns.count), target, Int64(width))
        }
    }

    /// On dy, with the taps turned around and the weight transposed.
    func backwardData(
        _ dy: UnsafePointer<Float>, weight: UnsafePointer<Float>, _ dx: Floats, accumulate: Bool, scratch: Floats,
        _ workers: Workers
    ) {
        let (tiles, inputs, outputs, width) = (tiles, inputs, outputs, Self.blockColumns)
        run(k: outputs, n: inputs, rotated: true, scratch: scratch, workers) {
            transform.backInput(dy, $0, $1, rowStride: $2, positionStride: $3)
        } output: { m, positionStride, columns in
            let target = dx + columns.lowerBound
            transform.backOutput(
                m, rowStride: width, positionStride: positionStride, 0..<tiles, channels: columns.count, target,
                dxStride: inputs, Epilogue(residual: accumulate ? UnsafePointer(target) : nil))
        } tap: { tap, rows, columns, target in
            assay_transpose(
                weight + (tap * inputs + columns.lowerBound) * outputs + rows.lowerBound, Int64(outputs),
                Int64(columns.count), Int64(rows.count), target, Int64(width))
        }
    }

    // MARK: Weight gradient

    func backwardWeight(
        _ x: UnsafePointer<Float>, _ affine: AssayAffine, _ dy: UnsafePointer<Float>, _ dWeight: Floats,
        scratch: Floats, _ workers: Workers
    ) {
        let (tiles, inputs, outputs) = (tiles, inputs, outputs)
        let (stride, vStride, gStride, uStride) = (
            DirectConvolution.stride(inputs), inputCount(inputs), gradientCount, Self.blockCount
        )
        let (v, width) = (scratch, Int(assay_panel_width()))
        let panels = v + positions * vStride
        let ownScratch = panels + positions * gStride
        let products = transform.products
        workers.run(over: tiles, length: 4) { part, _ in
            transform.input(x, affine, part, v + part.lowerBound * stride, rowStride: stride, positionStride: vStride)
            transform.outputGradient(
                dy, part, panels + part.lowerBound * width, panelStride: tiles * width, positionStride: gStride)
        }
        // The columns go round first: a block of the inputs stays near while the smaller gradients pass by.
        let across = (outputs + Self.blockColumns - 1) / Self.blockColumns
        workers.run((inputs + Self.blockRows - 1) / Self.blockRows * across) { piece, worker in
            let row = piece / across * Self.blockRows
            let column = piece % across * Self.blockColumns
            let (rows, columns) = (min(Self.blockRows, inputs - row), min(Self.blockColumns, outputs - column))
            let u = ownScratch + worker * perWorker
            for product in products {
                let part = transform.tiles(of: product, in: 0..<tiles)
                let target = u + product.weight * uStride
                guard product.isFirst || !part.isEmpty else { continue }
                let right = PackedMatrix(
                    product: .kernels, pointer: panels + product.position * gStride, k: tiles, n: outputs)
                right.rows(part).multiply(
                    v + product.position * vStride + part.lowerBound * stride + row, aRow: 1, aColumn: stride, m: rows,
                    columns: column..<column + columns, target, ldc: Self.blockColumns, accumulate: !product.isFirst)
            }
            let block = u + WinogradTransform.weights * uStride
            assay_winograd_weight_gradient(
                u, Int64(uStride), Int32(transform.stride), 0, Int64(rows * Self.blockColumns), block, Int64(uStride))
            for tap in 0..<9 {
                assay_read_rows(
                    block + tap * uStride, Int64(Self.blockColumns), AssayAffine(), Int64(rows), Int64(columns),
                    dWeight + (tap * inputs + row) * outputs + column, Int64(outputs))
            }
        }
    }
}
