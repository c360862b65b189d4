import CKernels

/// dWeight of a 3x3 convolution of few channels over many tiles: a worker goes through a range of tiles, a few at a
/// time, and both transformed maps and the range's products dU [36][I, O] stay in its second cache (64 channels, 56 x
/// 56, 16 images, Emerald Rapids: 7.0 to 4.5 ms).
///
/// With larger dU all workers share both maps' transforms, which lie in the third cache (`WinogradWeightGradient`);
/// there they depend on what others do with it.
struct WinogradRangeGradient {
    private let convolution: Convolution
    private let transform: WinogradTransform

    /// Nil where dU takes much more than half of a common second cache, or ranges are too short to pay for theirs.
    init?(_ convolution: Convolution, _ transform: WinogradTransform) {
        guard convolution.input.channels * convolution.output.channels <= 1 << 12, transform.tiles >= 16 * Self.chunk
        else { return nil }
        (self.convolution, self.transform) = (convolution, transform)
    }

    /// Tiles transformed at once.
    private static let chunk = 32
    private static let ranges = 8

    private var tiles: Int { transform.tiles }
    private var inputs: Int { convolution.input.channels }
    private var outputs: Int { convolution.output.channels }
    private var stride: Int { DirectConvolution.stride(inputs) }
    /// Floats from one position to the next: of the transformed inputs, the transformed gradients, and the products.
    private var inputCount: Int { WinogradTransform.positionStride(Self.chunk * stride) }
    private var outputCount: Int {
        WinogradTransform.positionStride(PackedMatrix.count(.kernels, k: Self.chunk, n: outputs))
    }
    private var productCount: Int { WinogradTransform.positionStride(inputs * outputs) }
    private var shareCount: Int { WinogradTransform.weights * productCount }
    private var perWorker: Int { transform.positions * (inputCount + outputCount) }

    func scratchCount(_ workers: Workers) -> Int { Self.ranges * shareCount + workers.count * perWorker }

    /// The next position's products, where the second cache does not hold all.
    private func after(_ weight: Int, in u: Floats) -> AssayStreams {
        AssayStreams(
            AssayStream(u + (weight + 1) * productCount, first: 0, rows: inputs, length: outputs, stride: outputs))
    }

    func run(
        _ x: UnsafePointer<Float>, _ affine: AssayAffine, _ dy: UnsafePointer<Float>, _ dWeight: Floats,
        scratch: Floats, _ workers: Workers
    ) {
        let length = (tiles + Self.ranges - 1) / Self.ranges
        let products = transform.products
        workers.run(over: tiles, length: length) { range, worker in
            let u = scratch + range.lowerBound / length * shareCount
            let v = scratch + Self.ranges * shareCount + worker * perWorker
            let panels = v + transform.positions * inputCount
            for first in Swift.stride(from: range.lowerBound, to: range.upperBound, by: Self.chunk) {
                let part = first..<min(range.upperBound, first + Self.chunk)
                transform.input(x, affine, part, v, rowStride: stride, positionStride: inputCount)
                transform.outputGradient(
                    dy, part, panels, panelStride: part.count * Int(assay_panel_width()), positionStride: outputCount)
                for product in products {
                    let seen = transform.tiles(of: product, in: part)
                    let target = u + product.weight * productCount
                    let isFirst = first == range.lowerBound && product.isFirst
                    guard isFirst || !seen.isEmpty else { continue }
                    PackedMatrix(
                        product: .kernels, pointer: panels + product.position * outputCount, k: part.count, n: outputs
                    ).rows(seen).multiply(
                        v + product.position * inputCount + seen.lowerBound * stride, aRow: 1, aColumn: stride,
                        m: inputs, columns: 0..<outputs, target, ldc: outputs, accumulate: !isFirst,
                        next: after(product.weight, in: u))
                }
            }
        }
        workers.addUp(scratch, (tiles + length - 1) / length, count: shareCount, into: scratch)
        assay_winograd_weight_gradient(
            scratch, Int64(productCount), Int32(transform.stride), 0, Int64(inputs * outputs), dWeight,
            Int64(inputs * outputs))
    }
}
