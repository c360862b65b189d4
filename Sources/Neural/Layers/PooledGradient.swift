import CKernels

/// A max pool's gradient with respect to its input, `[N, H, W, C]`, which nobody stores: a strip of lines is made whenever
/// it is asked for, and read while it is in the second cache.
struct PooledGradient {
    let pool: MaxPool
    let dy: UnsafePointer<Float>
    /// Which tap won each window.
    let position: UnsafePointer<UInt8>
    /// A strip for each worker.
    let scratch: Floats

    /// Images: strips one after the other are read ahead better than every second one.
    var pieces: Int { pool.input.images }

    /// Calls `body` for every strip, those of a piece in their order on one worker.
    func forEachStrip(
        _ workers: Workers, _ body: (_ strip: UnsafePointer<Float>, _ rows: Range<Int>, _ piece: Int) -> Void
    ) {
        let (size, strips) = (pool.stripCount, pool.strips)
        workers.run(pieces) { piece, worker in
            let strip = scratch + worker * size
            for turn in piece * strips..<(piece + 1) * strips {
                let rows = pool.backwardStrip(turn, dy, position: position, strip, accumulate: false)
                body(strip, rows, piece)
            }
        }
    }
}
