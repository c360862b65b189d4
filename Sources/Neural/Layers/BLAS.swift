import COpenBLAS

/// Single-threaded matrix products; the callers' threads are the only ones.
enum BLAS {
    private static let once: Void = openblas_set_num_threads(1)

    static func useCallersThreads() { _ = once }

    /// c [m, n] = a [m, k] * b [k, n] + beta * c, row-major with leading dimensions; `aT`: a is stored [k, m]; `bT`: b is [n, k].
    @inline(__always)
    static func multiply(
        m: Int, n: Int, k: Int, _ a: UnsafePointer<Float>, _ lda: Int, aT: Bool = false, _ b: UnsafePointer<Float>,
        _ ldb: Int, bT: Bool = false, beta: Float, _ c: UnsafeMutablePointer<Float>, _ ldc: Int
    ) {
        guard m > 0, n > 0 else { return }
        cblas_sgemm(
            CblasRowMajor, aT ? CblasTrans : CblasNoTrans, bT ? CblasTrans : CblasNoTrans, blasint(m), blasint(n),
            blasint(k), 1, a, blasint(lda), b, blasint(ldb), beta, c, blasint(ldc))
    }
}
