import CKernels

/// dWeight [K, O] = windows(x) [rows, K]^T * dy [rows, O]: a fixed number of row ranges, summed in order.
struct DirectWeightGradient {
    private let convolution: Convolution
    private let product: MatrixProduct

    init(_ convolution: Convolution, _ product: MatrixProduct) {
        self.convolution = convolution
        self.product = product
    }

    private var rows: Int { convolution.output.rows }
    private var columns: Int { convolution.columns }
    private var channels: Int { convolution.output.channels }
    private var size: Int { convolution.weightCount }
    private var stride: Int { DirectConvolution.stride(columns) }

    /// Row ranges: up to eight, fewer where each one's gradient is large.
    private var partials: Int { max(1, min(max(2, min(8, (1 << 22) / max(size, 1) / 2 * 2)), rows / 64)) }
    /// Rows gathered and packed at once.
    private var chunk: Int { max(96, min(512, (1 << 18) / (columns + channels))) }
    private var packedCount: Int { PackedMatrix.count(product, k: chunk, n: channels) }

    func scratchCount(_ workers: Workers) -> Int {
        partials * size + workers.count * (chunk * stride + packedCount)
    }

    func run(
        _ x: UnsafePointer<Float>, _ affine: AssayAffine, _ dy: UnsafePointer<Float>, _ dWeight: Floats,
        scratch: Floats, _ workers: Workers
    ) {
        let (partials, size, chunk) = (partials, size, chunk)
        let perWorker = chunk * stride + packedCount
        let length = (rows + partials - 1) / partials
        let ownScratch = scratch + partials * size
        workers.run(over: rows, length: length) { range, worker in
            let target = partials == 1 ? dWeight : scratch + range.lowerBound / length * size
            let gathered = ownScratch + worker * perWorker
            for first in Swift.stride(from: range.lowerBound, to: range.upperBound, by: chunk) {
                let count = min(chunk, range.upperBound - first)
                let right = PackedMatrix(product: product, pointer: gathered + chunk * stride, k: count, n: channels)
                right.pack(dy + first * channels, stride: channels)
                var (left, step) = (x + first * columns, columns)
                if !convolution.isPointwise || !affine.isNone || columns % 256 == 0 {
                    assay_gather(
                        x, affine, convolution.window, Int64(first), Int64(count), gathered, Int64(stride))
                    (left, step) = (UnsafePointer(gathered), stride)
                }
                right.multiply(
                    left, aRow: 1, aColumn: step, m: columns, columns: 0..<channels, target, ldc: channels,
                    accumulate: first > range.lowerBound)
            }
        }
        guard partials > 1 else { return }
        let ranges = (rows + length - 1) / length
        workers.run(over: size, length: 1 << 16) { part, _ in
            for range in 0..<ranges {
                assay_accumulate(
                    scratch + range * size + part.lowerBound, dWeight + part.lowerBound, range == 0 ? 0 : 1,
                    Int64(part.count))
            }
        }
    }
}
