import CKernels

/// dWeight [K, O] = windows(x) [rows, K]^T * dy [rows, O].
///
/// Where the gradient is large, its blocks are the pieces of work, and each sums over all rows in order. Where it is
/// small, ranges of rows are, whose sums are added in order: eight copies of a large one cost 0.3 to 0.8 ms of 4.
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

    private var isLarge: Bool { size >= 1 << 18 }
    /// Row ranges: up to eight.
    private var partials: Int { isLarge ? 1 : max(1, min(8, rows / 64)) }
    /// A block of the gradient: rows of it where they are many and need no gathering, else columns.
    private var blockRows: Int { isLarge && convolution.isPointwise && columns > channels ? 256 : columns }
    private var blockColumns: Int {
        guard isLarge, blockRows == columns else { return channels }
        return min(
            256, (channels / 2 + MatrixProduct.columnStep - 1) / MatrixProduct.columnStep * MatrixProduct.columnStep)
    }
    /// Rows gathered and packed at once: those of a tile and of a panel stay in the first cache (256: 3 to 10 % slower).
    private var chunk: Int { max(96, min(128, (1 << 20) / (blockRows + blockColumns))) }
    private var packedCount: Int { PackedMatrix.count(product, k: chunk, n: blockColumns) }
    private var gatheredCount: Int { chunk * DirectConvolution.stride(blockRows) }

    func scratchCount(_ workers: Workers) -> Int {
        (partials == 1 ? 0 : partials * size) + workers.count * (gatheredCount + packedCount)
    }

    func run(
        _ x: UnsafePointer<Float>, _ affine: AssayAffine, _ dy: UnsafePointer<Float>, _ dWeight: Floats,
        scratch: Floats, _ workers: Workers
    ) {
        let (partials, size, columns, channels) = (partials, size, columns, channels)
        let (blockRows, blockColumns) = (blockRows, blockColumns)
        let ownScratch = partials == 1 ? scratch : scratch + partials * size
        let perWorker = gatheredCount + packedCount
        let length = (rows + partials - 1) / partials
        let ranges = (rows + length - 1) / length
        let across = (channels + blockColumns - 1) / blockColumns
        let blocks = (columns + blockRows - 1) / blockRows * across
        workers.run(ranges * blocks) { piece, worker in
            let (range, block) = (piece / blocks, piece % blocks)
            let (row, column) = (block / across * blockRows, block % across * blockColumns)
            multiply(
                x, affine, dy, over: range * length..<min(rows, (range + 1) * length),
                rows: row..<min(columns, row + blockRows), columns: column..<min(channels, column + blockColumns),
                (partials == 1 ? dWeight : scratch + range * size) + row * channels + column,
                scratch: ownScratch + worker * perWorker)
        }
        if partials > 1 { workers.addUp(scratch, ranges, count: size, into: dWeight) }
    }

    /// The rows of both maps that come after these: waiting for them cost 10 to 25 %.
    private func following(
        _ x: UnsafePointer<Float>, _ columns: Int, _ dy: UnsafePointer<Float>, _ channels: Int, from first: Int,
        in range: Range<Int>
    ) -> AssayStreams {
        let count = min(chunk, range.upperBound - first)
        let gradient = AssayStream(dy, first: first, rows: count, length: channels, stride: self.channels)
        guard convolution.isPointwise else { return AssayStreams(gradient) }
        return AssayStreams(gradient, AssayStream(x, first: first, rows: count, length: columns, stride: self.columns))
    }

    /// One block of the gradient, at `target`, over some rows of the maps.
    private func multiply(
        _ x: UnsafePointer<Float>, _ affine: AssayAffine, _ dy: UnsafePointer<Float>, over range: Range<Int>,
        rows: Range<Int>, columns: Range<Int>, _ target: Floats, scratch: Floats
    ) {
        let stride = DirectConvolution.stride(rows.count)
        // Rows a multiple of 1 KiB apart share cache sets; values that are read through a norm need a place.
        let gathers = !convolution.isPointwise || !affine.isNone || self.columns % 256 == 0
        for first in Swift.stride(from: range.lowerBound, to: range.upperBound, by: chunk) {
            let count = min(chunk, range.upperBound - first)
            let right = PackedMatrix(product: product, pointer: scratch + gatheredCount, k: count, n: columns.count)
            right.pack(dy + first * channels + columns.lowerBound, stride: channels)
            var (left, step) = (x + first * self.columns + rows.lowerBound, self.columns)
            if gathers {
                if convolution.isPointwise {
                    assay_read_rows(
                        left, Int64(step), affine.from(channel: rows.lowerBound), Int64(count), Int64(rows.count),
                        scratch, Int64(stride))
                } else {
                    assay_gather(
                        x, affine, convolution.window, Int64(first), Int64(count), scratch, Int64(stride))
                }
                (left, step) = (UnsafePointer(scratch), stride)
            }
            right.multiply(
                left, aRow: 1, aColumn: step, m: rows.count, columns: 0..<columns.count, target, ldc: channels,
                accumulate: first > range.lowerBound,
                next: following(
                    x + rows.lowerBound, rows.count, dy + columns.lowerBound, columns.count, from: first + count,
                    in: range))
        }
    }
}
