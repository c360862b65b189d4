import CKernels

/// Who multiplies. The kernels of this package pack the right side once; a CPU without their vector instructions is
/// better served by OpenBLAS.
enum MatrixProduct: Sendable {
    case kernels
    case openBLAS

    static var fastest: MatrixProduct { assay_vector_level() > 0 ? .kernels : .openBLAS }

    /// Columns are split among workers in multiples of this.
    static let columnStep = 32

    /// Columns of a block of a result [m, n] whose rows come in so many pieces: all of them, unless that gives fewer than
    /// eight blocks.
    static func blockColumns(_ n: Int, rowPieces: Int) -> Int {
        let steps = (n + columnStep - 1) / columnStep
        let blocks = min(steps, max(1, 8 / max(1, rowPieces)))
        return (steps + blocks - 1) / blocks * columnStep
    }
}

/// The right side of a product, `b` [k, n], in the order its multiplier wants, or as it lies.
struct PackedMatrix {
    let product: MatrixProduct
    let pointer: Floats
    let k: Int
    let n: Int
    /// Rows of which these k are some; nil for k.
    var of: Int?
    /// From a row to the next where they lie as they are; n is a multiple of `MatrixProduct.columnStep` then.
    var rowStride: Int?

    private static var panelWidth: Int { Int(assay_panel_width()) }

    /// Floats that a packed [k, n] takes.
    static func count(_ product: MatrixProduct, k: Int, n: Int) -> Int {
        product == .openBLAS ? k * n : (n + panelWidth - 1) / panelWidth * panelWidth * k
    }

    /// The rows `part` of these.
    func rows(_ part: Range<Int>) -> PackedMatrix {
        PackedMatrix(
            product: product, pointer: pointer + part.lowerBound * (product == .openBLAS ? n : panelRow),
            k: part.count, n: n, of: of ?? k, rowStride: rowStride)
    }

    /// Where the columns from `column` on begin, a multiple of `MatrixProduct.columnStep`.
    func columns(from column: Int) -> Floats { pointer + column * (rowStride == nil ? of ?? k : 1) }

    var panelStride: Int64 { Int64(rowStride == nil ? (of ?? k) * Self.panelWidth : Self.panelWidth) }
    private var panelRow: Int { rowStride ?? Self.panelWidth }

    /// Takes `b`, its rows `stride` apart, on all threads.
    func pack(_ b: UnsafePointer<Float>, stride: Int, _ workers: Workers) {
        guard product == .kernels else { return pack(b, stride: stride) }
        workers.run(over: n, length: 4 * Self.panelWidth) { columns, _ in
            assay_pack_panels(
                b + columns.lowerBound, Int64(stride), Int64(k), Int64(columns.count), pointer + columns.lowerBound * k,
                panelStride)
        }
    }

    /// Takes `b`, its rows `stride` apart.
    func pack(_ b: UnsafePointer<Float>, stride: Int) {
        switch product {
        case .openBLAS: for row in 0..<k { (pointer + row * n).update(from: b + row * stride, count: n) }
        case .kernels: assay_pack_panels(b, Int64(stride), Int64(k), Int64(n), pointer, panelStride)
        }
    }

    /// Takes the transpose of `b` [n, k], its rows `stride` apart.
    func packTransposed(_ b: UnsafePointer<Float>, stride: Int, _ workers: Workers) {
        let width = product == .openBLAS ? n : Self.panelWidth
        workers.run(over: n, length: product == .openBLAS ? 64 : width) { rows, _ in
            let target = product == .openBLAS ? pointer + rows.lowerBound : pointer + rows.lowerBound * k
            if product == .kernels, rows.count < width { target.update(repeating: 0, count: k * width) }
            assay_transpose(
                b + rows.lowerBound * stride, Int64(stride), Int64(rows.count), Int64(k), target, Int64(width))
        }
    }

    /// c [m, columns] (+)= a [m, k] * b's columns, then the epilogue; `columns` starts at a multiple of
    /// `MatrixProduct.columnStep`, and c and the epilogue at its first.
    /// What the epilogue adds may be what c holds. `next` is fetched meanwhile. Element (i, p) of a stands at a[i * aRow + p * aColumn]; one of the strides is 1.
    @inline(__always)
    func multiply(
        _ a: UnsafePointer<Float>, aRow: Int, aColumn: Int = 1, m: Int, columns: Range<Int>, _ c: Floats, ldc: Int,
        accumulate: Bool = false, _ epilogue: Epilogue = Epilogue(), next: AssayStreams = AssayStreams()
    ) {
        precondition(rowStride == nil || product == .kernels, "others read rows that follow one another")
        switch product {
        case .openBLAS:
            // Both strides are 1 where a has a single row or a single column.
            let isRowMajor = aColumn == 1 && aRow >= k
            var epilogue = epilogue
            let addsToItself = epilogue.residual == UnsafePointer(c)
            if addsToItself { epilogue.residual = nil }
            BLAS.multiply(
                m: m, n: columns.count, k: k, a, isRowMajor ? aRow : aColumn, aT: !isRowMajor,
                pointer + columns.lowerBound, n, beta: accumulate || addsToItself ? 1 : 0, c, ldc)
            if !epilogue.isEmpty { assay_epilogue(c, epilogue, Int64(m), Int64(columns.count), Int64(ldc)) }
        case .kernels:
            assay_multiply(
                a, Int64(aRow), Int64(aColumn), self.columns(from: columns.lowerBound), panelStride,
                Int64(panelRow), Int64(m), Int64(columns.count), Int64(k), c, Int64(ldc), accumulate ? 1 : 0, epilogue,
                next)
        }
    }
}
