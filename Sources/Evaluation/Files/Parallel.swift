import Foundation

/// Work split over threads, with results in the order of the pieces: they do not depend on the number of threads.
package enum Parallel {
    /// All cores.
    package static var threads: Int { ProcessInfo.processInfo.activeProcessorCount }

    /// `body` of each of 0..<count: a thread that is done with one piece takes the next. Where the system has no threads the
    /// caller does it all.
    package static func map<Result>(_ count: Int, threads: Int, _ body: (Int) -> Result) -> [Result] {
        map(count, threads: threads, start: ChildThread.init, body)
    }

    package static func map<Result>(
        _ count: Int, threads: Int, start: (@escaping @Sendable () -> Void) -> ChildThread?, _ body: (Int) -> Result
    ) -> [Result] {
        let workers = min(max(threads, 1), count)
        guard workers > 1 else { return (0..<count).map(body) }
        return withoutActuallyEscaping(body) { body in
            [Result](unsafeUninitializedCapacity: count) { buffer, initialized in
                // Threads share what they read, and each piece's place is written by one of them.
                nonisolated(unsafe) let (base, body) = (buffer, body)
                let next = NextPiece()
                let work = { @Sendable in
                    while let piece = next.take(of: count) { base.initializeElement(at: piece, to: body(piece)) }
                }
                let others = (1..<workers).compactMap { _ in start(work) }
                work()
                for other in others { other.join() }
                initialized = count
            }
        }
    }
}

/// Hands out numbers, each to one thread.
private final class NextPiece: @unchecked Sendable {
    private let lock = NSLock()
    private var next = 0

    func take(of count: Int) -> Int? {
        lock.withLock {
            guard next < count else { return nil }
            defer { next += 1 }
            return next
        }
    }
}
