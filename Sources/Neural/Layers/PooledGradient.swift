import CKernels

/// A max pool's gradient with respect to its input, `[N, H, W, C]`, which nobody stores: some lines are made whenever they
/// are asked for, and read while they are in the second cache.
struct PooledGradient {
    let pool: MaxPool
    let dy: UnsafePointer<Float>
    /// Which tap won each window.
    let position: UnsafePointer<UInt8>
    /// A strip for each worker.
    let scratch: Floats

    /// Images: strips one after the other are read ahead better than every second one.
    var pieces: Int { pool.input.images }

    /// Calls `body` for the rows of every strip, those of a piece in their order on one worker.
    func forEachStrip(_ workers: Workers, _ body: (_ rows: Range<Int>, _ piece: Int, _ worker: Int) -> Void) {
        workers.run(pieces) { piece, worker in
            for strip in piece * pool.strips..<(piece + 1) * pool.strips {
                body(pool.rows(ofStrip: strip), piece, worker)
            }
        }
    }

    /// Stores some rows, whole lines of an image.
    func store(_ rows: Range<Int>, in target: Floats) {
        pool.backward(rows, dy, position: position, target, accumulate: false)
    }

    func strip(_ worker: Int) -> Floats { scratch + worker * pool.stripCount }
}
