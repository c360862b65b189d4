import CKernels

/// dWeight of a 3x3 convolution: both maps' tiles transformed, multiplied over all tiles at each of 36 positions
/// (dU [36][I, O]), and transformed to the nine taps.
struct WinogradWeightGradient {
    private let convolution: Convolution
    private let transform: WinogradTransform

    init(_ convolution: Convolution, _ transform: WinogradTransform) {
        (self.convolution, self.transform) = (convolution, transform)
    }

    private var tiles: Int { transform.tiles }
    private var inputs: Int { convolution.input.channels }
    private var outputs: Int { convolution.output.channels }
    private var stride: Int { DirectConvolution.stride(inputs) }
    /// Tiles transformed at once: both sides of the products stay within about 8 MiB.
    private var chunk: Int { min(tiles, max(64, (1 << 21) / (transform.positions * (stride + outputs)))) }
    /// Floats from one position to the next: of the transformed inputs, the transformed gradients, and the products.
    private var inputCount: Int { WinogradTransform.positionStride(chunk * stride) }
    private var outputCount: Int {
        WinogradTransform.positionStride(PackedMatrix.count(.kernels, k: chunk, n: outputs))
    }
    private var productCount: Int { WinogradTransform.positionStride(inputs * outputs) }

    var scratchCount: Int {
        WinogradTransform.weights * productCount + transform.positions * (inputCount + outputCount)
    }

    func run(
        _ x: UnsafePointer<Float>, _ affine: AssayAffine, _ dy: UnsafePointer<Float>, _ dWeight: Floats,
        scratch: Floats, _ workers: Workers
    ) {
        let size = inputs * outputs
        let u = scratch
        let v = u + WinogradTransform.weights * productCount
        let panels = v + transform.positions * inputCount
        let slices = max(1, inputs / 96)
        let slice = (inputs + slices - 1) / slices
        let ofWeight = transform.productsByWeight
        /// Both sides of the products of a piece, weight by weight and slice by slice: what a worker takes next.
        func sides(_ piece: Int, _ count: Int) -> AssayStreams {
            guard piece < WinogradTransform.weights * slices else { return AssayStreams() }
            let (position, row) = (ofWeight[piece / slices][0].position, piece % slices * slice)
            return AssayStreams(
                AssayStream(
                    v + position * inputCount + row, first: 0, rows: count, length: min(slice, inputs - row),
                    stride: stride),
                AssayStream(
                    panels + position * outputCount, first: 0, rows: count, length: outputs, stride: outputs))
        }
        for first in Swift.stride(from: 0, to: tiles, by: chunk) {
            let count = min(chunk, tiles - first)
            let panelStride = count * Int(assay_panel_width())
            workers.run(over: count, length: 8) { part, _ in
                let tiles = first + part.lowerBound..<first + part.upperBound
                transform.input(
                    x, affine, tiles, v + part.lowerBound * stride, rowStride: stride, positionStride: inputCount)
                transform.outputGradient(
                    dy, tiles, panels + part.lowerBound * Int(assay_panel_width()), panelStride: panelStride,
                    positionStride: outputCount)
            }
            workers.run(WinogradTransform.weights * slices) { piece, _ in
                let next = sides(piece + workers.count, count)
                let (products, row) = (ofWeight[piece / slices], piece % slices * slice)
                let rows = min(slice, inputs - row)
                guard rows > 0 else { return }
                for product in products {
                    let part = transform.tiles(of: product, in: first..<first + count)
                    let target = u + product.weight * productCount + row * outputs
                    let isFirst = first == 0 && product.isFirst
                    guard isFirst || !part.isEmpty else { continue }
                    let right = PackedMatrix(
                        product: .kernels, pointer: panels + product.position * outputCount, k: count, n: outputs)
                    right.rows(part).multiply(
                        v + product.position * inputCount + part.lowerBound * stride + row, aRow: 1, aColumn: stride,
                        m: rows, columns: 0..<outputs, target, ldc: outputs, accumulate: !isFirst, next: next)
                }
            }
        }
        workers.run(over: size, length: 1 << 12) { part, _ in
            assay_winograd_weight_gradient(
                u, Int64(productCount), Int32(transform.stride), Int64(part.lowerBound), Int64(part.count), dWeight,
                Int64(size))
        }
    }
}
