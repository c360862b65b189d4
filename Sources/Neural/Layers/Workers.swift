/// The threads a plan may use. Work comes in pieces whose number never depends on `count`, and no piece writes what
/// another reads, so results are the same bits at any thread count.
public struct Workers: Sendable {
    /// Threads at most; at least 1.
    public let count: Int

    public init(count: Int) {
        self.count = max(1, count)
        BLAS.useCallersThreads()
    }

    /// Runs `body(piece, worker)` for each piece, `worker` being below `count`; returns when all are done.
    package func run(_ pieces: Int, _ body: (_ piece: Int, _ worker: Int) -> Void) {
        let threads = min(count, pieces)
        // Where another plan has the pool, it has the cores as well.
        let isDone =
            threads > 1
            && withoutActuallyEscaping(body) { WorkerPool.shared.run(pieces, threads: threads, $0) }
        if !isDone { for piece in 0..<pieces { body(piece, 0) } }
    }

    /// `run` over ranges of at most `length` of `0..<count`.
    func run(over total: Int, length: Int, _ body: (_ range: Range<Int>, _ worker: Int) -> Void) {
        let length = max(1, length)
        run((total + length - 1) / length) { piece, worker in
            body(piece * length..<min(total, (piece + 1) * length), worker)
        }
    }

    /// Copies `count` floats.
    func copy(_ source: UnsafePointer<Float>, to target: Floats, count: Int) {
        run(over: count, length: FloatBuffer.piece) { range, _ in
            (target + range.lowerBound).update(from: source + range.lowerBound, count: range.count)
        }
    }
}
