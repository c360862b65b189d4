import CKernels

extension AssayStream {
    /// Rows from `first` on of x, `stride` apart, `length` values of each.
    init(_ x: UnsafePointer<Float>, first: Int, rows: Int, length: Int, stride: Int) {
        self.init(at: x + first * stride, rows: Int64(max(0, rows)), length: Int64(length), stride: Int64(stride))
    }
}

extension AssayStreams {
    init(_ first: AssayStream?, _ second: AssayStream? = nil) {
        self.init(first: first ?? AssayStream(), second: second ?? AssayStream())
    }
}
