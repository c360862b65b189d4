import CKernels

/// dWeight of a 3x3 convolution: both maps' tiles transformed, multiplied over all tiles at each of 36 positions
/// (dU [36][I, O]), and transformed to the nine taps.
struct WinogradWeightGradient {
    private let convolution: Convolution

    init(_ convolution: Convolution) { self.convolution = convolution }

    private var tiles: Int { WinogradConvolution.tiles(convolution.output) }
    private var inputs: Int { convolution.input.channels }
    private var outputs: Int { convolution.output.channels }
    private var stride: Int { DirectConvolution.stride(inputs) }
    /// Tiles transformed at once: both sides of the products stay within about 8 MiB.
    private var chunk: Int { min(tiles, max(64, (1 << 21) / (36 * (stride + outputs)))) }
    /// Floats from one position to the next: of the transformed inputs, the transformed gradients, and the products.
    private var inputCount: Int { WinogradConvolution.positionStride(chunk * stride) }
    private var outputCount: Int {
        WinogradConvolution.positionStride(PackedMatrix.count(.kernels, k: chunk, n: outputs))
    }
    private var productCount: Int { WinogradConvolution.positionStride(inputs * outputs) }

    var scratchCount: Int {
        WinogradConvolution.positions * (productCount + inputCount + outputCount)
    }

    func run(
        _ x: UnsafePointer<Float>, _ affine: AssayAffine, _ dy: UnsafePointer<Float>, _ dWeight: Floats,
        scratch: Floats, _ workers: Workers
    ) {
        let (positions, size, window) = (WinogradConvolution.positions, inputs * outputs, convolution.window)
        let u = scratch
        let v = u + positions * productCount
        let panels = v + positions * inputCount
        let slices = max(1, inputs / 96)
        let slice = (inputs + slices - 1) / slices
        for first in Swift.stride(from: 0, to: tiles, by: chunk) {
            let count = min(chunk, tiles - first)
            let panelStride = count * Int(assay_panel_width())
            workers.run(over: count, length: 8) { part, _ in
                assay_winograd_input(
                    x, affine, window, Int64(first + part.lowerBound), Int64(part.count),
                    v + part.lowerBound * stride, Int64(stride), Int64(inputCount))
                assay_winograd_output_gradient(
                    dy, window, Int64(outputs), Int64(first + part.lowerBound), Int64(part.count),
                    panels + part.lowerBound * Int(assay_panel_width()), Int64(panelStride), Int64(outputCount))
            }
            workers.run(positions * slices) { piece, _ in
                let (position, row) = (piece / slices, piece % slices * slice)
                let rows = min(slice, inputs - row)
                guard rows > 0 else { return }
                let right = PackedMatrix(
                    product: .kernels, pointer: panels + position * outputCount, k: count, n: outputs)
                right.multiply(
                    v + position * inputCount + row, aRow: 1, aColumn: stride, m: rows, columns: 0..<outputs,
                    u + position * productCount + row * outputs, ldc: outputs, accumulate: first > 0)
            }
        }
        workers.run(over: size, length: 1 << 12) { part, _ in
            assay_winograd_weight_gradient(
                u, Int64(productCount), Int64(part.lowerBound), Int64(part.count), dWeight, Int64(size))
        }
    }
}
