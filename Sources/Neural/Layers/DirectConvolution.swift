import CKernels

/// Convolution as a product over gathered windows; a 1x1 convolution needs no gathering.
struct DirectConvolution: ConvolutionAlgorithm {
    let convolution: Convolution
    let product: MatrixProduct

    init(_ convolution: Convolution, _ product: MatrixProduct) {
        self.convolution = convolution
        self.product = product
    }

    private var rows: Int { convolution.output.rows }
    private var columns: Int { convolution.columns }
    private var channels: Int { convolution.output.channels }

    /// Row stride of gathered windows: rows a multiple of 1 KiB apart would fall into the same few cache sets.
    static func stride(_ columns: Int) -> Int { columns % 256 == 0 ? columns + 16 : columns }

    var forwardWeightCount: Int { PackedMatrix.count(product, k: columns, n: channels) }
    var backwardWeightCount: Int { PackedMatrix.count(product, k: channels, n: columns) }

    func packForward(_ weight: UnsafePointer<Float>, into packed: Floats, _ workers: Workers) {
        PackedMatrix(product: product, pointer: packed, k: columns, n: channels).pack(weight, stride: channels, workers)
    }

    func packBackward(_ weight: UnsafePointer<Float>, into packed: Floats, scratch: Floats, _ workers: Workers) {
        PackedMatrix(product: product, pointer: packed, k: channels, n: columns)
            .packTransposed(weight, stride: channels, workers)
    }

    // MARK: Products of many rows

    /// A block of the result: rows whose left side is about 256 KiB, and columns only where rows give few blocks.
    private struct Blocks {
        let rows: Int
        let columns: Int
        /// Ranges of rows.
        let pieces: Int

        static func mostRows(k: Int) -> Int { max(48, min(480, (1 << 16) / max(k, 1))) }

        init(m: Int, n: Int, k: Int) {
            let most = Self.mostRows(k: k)
            var pieces = (m + most - 1) / most
            if pieces > 1 { pieces += pieces % 2 }
            // As even as can be: of four pieces of 72 rows for 256 the last would leave a worker waiting.
            rows = max(1, (m + pieces - 1) / pieces)
            self.pieces = (m + rows - 1) / rows
            columns = MatrixProduct.blockColumns(n, rowPieces: self.pieces)
        }
    }

    /// y [m, n] (+)= left * right; `gather` gives the left side of some rows and its stride. Where that comes from rows
    /// of `source` one by one, those of the piece that a worker is likely to take next are fetched meanwhile: waiting
    /// for them cost 10 to 30 %.
    private func run(
        m: Int, _ right: PackedMatrix, _ y: Floats, accumulate: Bool, _ epilogue: Epilogue, _ workers: Workers,
        _ finished: FinishedRows, source: UnsafePointer<Float>?,
        gather: (Range<Int>, Int) -> (UnsafePointer<Float>, Int)
    ) {
        let n = right.n
        let blocks = Blocks(m: m, n: n, k: right.k)
        let sums = product == .kernels ? finished.sums : nil
        let tells = finished.isWanted && sums == nil
        let across = (n + blocks.columns - 1) / blocks.columns
        workers.run((m + blocks.rows - 1) / blocks.rows * across) { piece, worker in
            let rows = piece / across * blocks.rows..<min(m, (piece / across + 1) * blocks.rows)
            let columns = piece % across * blocks.columns..<min(n, (piece % across + 1) * blocks.columns)
            let (left, stride) = gather(rows, worker)
            let ahead = min(m, rows.lowerBound + workers.count * blocks.rows)
            // What is told of must still be near.
            let group = tells ? Self.nearColumns(rows: rows.count) : columns.count
            let share = (blocks.rows * group + columns.count - 1) / columns.count
            for (turn, first) in Swift.stride(from: columns.lowerBound, to: columns.upperBound, by: group).enumerated()
            {
                let part = first..<min(columns.upperBound, first + group)
                let at = rows.lowerBound * n + first
                let from = min(m, ahead + turn * share)
                let next = source.map {
                    AssayStream($0, first: from, rows: min(share, m - from), length: right.k, stride: right.k)
                }
                let also = finished.alsoRead.map {
                    AssayStream($0 + first, first: rows.lowerBound, rows: rows.count, length: part.count, stride: n)
                }
                right.multiply(
                    left, aRow: stride, m: rows.count, columns: part, y + at, ldc: n, accumulate: accumulate,
                    epilogue.adding(to: sums, piece: piece / across)
                        .at(row: rows.lowerBound, stride: n, column: first),
                    next: AssayStreams(next, also))
                if tells { finished(rows, channels: part, piece: piece / across) }
            }
        }
    }

    /// Columns of so many rows that take about 256 KiB.
    private static func nearColumns(rows: Int) -> Int {
        max(1, (1 << 16) / max(1, rows) / MatrixProduct.columnStep) * MatrixProduct.columnStep
    }

    private var forwardBlocks: Blocks { Blocks(m: rows, n: channels, k: columns) }
    private var gathers: Bool { !convolution.isPointwise }
    /// Rows that share cache sets cost more to read in place than to copy, 106 against 116 GFLOPS at k = 1024, unless
    /// they were copied once for every few columns (one image, 8 x 8 x 1024 to 256: 0.19 ms so, 0.14 in place).
    private var readsInPlace: Bool { !gathers && (columns % 1024 != 0 || forwardBlocks.columns <= 128) }
    /// Rows gathered at once within a piece of the data gradient.
    private var scatterRows: Int { max(48, min(480, (1 << 18) / max(columns, 1))) }

    private var strips: StripConvolution? { product == .kernels ? StripConvolution(convolution) : nil }

    func scratchCount(_ pass: ConvolutionPass, _ workers: Workers) -> Int {
        switch pass {
        case .inference where strips != nil, .forward where strips != nil: strips?.scratchCount(workers) ?? 0
        case .inference where readsInPlace: 0
        case .inference, .forward: workers.count * Blocks.mostRows(k: columns) * Self.stride(columns)
        case .backwardData: gathers ? workers.count * scatterRows * columns : 0
        case .backwardWeight: strips?.gradientScratchCount(workers) ?? weightGradient.scratchCount(workers)
        }
    }

    func finishedPieces(_ pass: ConvolutionPass) -> Int {
        switch pass {
        case .inference, .forward: strips?.pieces ?? Blocks(m: rows, n: channels, k: columns).pieces
        case .backwardData: gathers ? 0 : Blocks(m: rows, n: columns, k: channels).pieces
        case .backwardWeight: 0
        }
    }

    // MARK: Forward

    func forward(
        _ x: UnsafePointer<Float>, _ affine: AssayAffine, packed: Floats, _ y: Floats, _ epilogue: Epilogue,
        _ finished: FinishedRows, scratch: Floats, _ workers: Workers
    ) {
        let right = PackedMatrix(product: product, pointer: packed, k: columns, n: channels)
        if let strips { return strips.forward(x, affine, right, y, epilogue, finished, scratch: scratch, workers) }
        let stride = Self.stride(columns)
        let (length, isInPlace) = (forwardBlocks.rows, readsInPlace && affine.isNone)
        let source = convolution.isPointwise ? x : nil
        run(m: rows, right, y, accumulate: false, epilogue, workers, finished, source: source) { rows, worker in
            if isInPlace { return (x + rows.lowerBound * columns, columns) }
            let target = scratch + worker * length * stride
            if convolution.isPointwise {
                assay_read_rows(
                    x + rows.lowerBound * columns, Int64(columns), affine, Int64(rows.count), Int64(columns), target,
                    Int64(stride))
            } else {
                assay_gather(
                    x, affine, convolution.window, Int64(rows.lowerBound), Int64(rows.count), target, Int64(stride))
            }
            return (UnsafePointer(target), stride)
        }
    }

    // MARK: Backward

    /// dx (+)= dy * weight^T, scattered back to the windows.
    func backwardData(
        _ dy: UnsafePointer<Float>, packed: Floats, _ dx: Floats, accumulate: Bool,
        _ finished: FinishedRows, scratch: Floats, _ workers: Workers
    ) {
        let right = PackedMatrix(product: product, pointer: packed, k: channels, n: columns)
        guard gathers else {
            run(m: rows, right, dx, accumulate: accumulate, Epilogue(), workers, finished, source: dy) { rows, _ in
                (dy + rows.lowerBound * channels, channels)
            }
            return
        }
        let area = convolution.output.height * convolution.output.width
        let imageSize = convolution.input.height * convolution.input.width * convolution.input.channels
        // Windows overlap within an image, so an image is never split.
        workers.run(convolution.input.images) { image, worker in
            let gathered = scratch + worker * scatterRows * columns
            if !accumulate { (dx + image * imageSize).update(repeating: 0, count: imageSize) }
            for first in Swift.stride(from: image * area, to: (image + 1) * area, by: scatterRows) {
                let count = min(scatterRows, (image + 1) * area - first)
                right.multiply(
                    dy + first * channels, aRow: channels, m: count, columns: 0..<columns, gathered, ldc: columns)
                assay_col2im_add(gathered, dx, convolution.window, Int64(first), Int64(count))
            }
        }
    }

    private var weightGradient: DirectWeightGradient { DirectWeightGradient(convolution, product) }

    func backwardWeight(
        _ x: UnsafePointer<Float>, _ affine: AssayAffine, _ dy: UnsafePointer<Float>, _ dWeight: Floats,
        scratch: Floats, _ workers: Workers
    ) {
        if let strips { return strips.backwardWeight(x, affine, dy, dWeight, scratch: scratch, workers) }
        weightGradient.run(x, affine, dy, dWeight, scratch: scratch, workers)
    }
}
