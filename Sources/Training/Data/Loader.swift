import Evaluation
import Foundation
import Raster
import Synchronization

/// One batch: what the network reads, normalised images `[count, size, size, 3]` or features `[count, F]`, and which items
/// they are.
public struct Batch: Sendable {
    public internal(set) var inputs: [Float]
    public let items: [Int]
    /// How the inputs were mixed, for their targets to be mixed alike.
    var mixture: Mixup.Mixture?
    public var count: Int { items.count }
}

/// Makes batches ahead of their use on threads of its own, in a fixed order: what a batch holds depends on the seed
/// and the epoch, never on the threads.
public final class Loader: @unchecked Sendable {
    // Sendable: `ready`, `failure` and `cancelled` are only touched under `condition`.
    private let batches: [[Int]]
    private let make: @Sendable (Int, UnsafeMutablePointer<Float>) throws -> Void
    private let imageCount: Int
    private let depth: Int
    private let condition = NSCondition()
    private var ready: [Int: Batch] = [:]
    private var failure: (batch: Int, error: any Error)?
    private var cancelled = false
    private var nextToMake = 0
    private var nextToTake = 0
    private var started = false
    private var hasThreads = false
    package var startThread: (@escaping @Sendable () -> Void) -> ChildThread? = { ChildThread($0) }
    private let threads: Int
    /// Batches made ahead of the one in use.
    public static let prefetch = 3
    /// Seconds that the consumer has waited for a batch.
    public private(set) var waitedSeconds = 0.0

    /// - Parameters:
    ///   - batches: the items of each batch, in order.
    ///   - imageCount: floats of one image.
    ///   - make: writes the normalised image of an item, all of its floats; called from several threads.
    public init(
        batches: [[Int]], imageCount: Int, threads: Int, prefetch: Int = Loader.prefetch,
        make: @escaping @Sendable (Int, UnsafeMutablePointer<Float>) throws -> Void
    ) {
        self.batches = batches
        self.imageCount = imageCount
        self.make = make
        self.threads = max(1, threads)
        depth = max(1, prefetch)
    }

    deinit { cancel() }

    /// Training batches of one epoch: shuffled by seed and epoch, the last partial batch dropped unless it is all.
    public static func trainingBatches(_ items: [Int], batchSize: Int, seed: UInt64, epoch: Int) -> [[Int]] {
        var generator = SeededGenerator(seed: seed, 1, UInt64(epoch))
        let order = generator.permutation(items.count).map { items[$0] }
        return chunks(order, batchSize).filter { $0.count == batchSize }
    }

    /// Consecutive groups of at most `size`.
    public static func chunks(_ items: [Int], _ size: Int) -> [[Int]] {
        stride(from: 0, to: items.count, by: size).map { Array(items[$0..<min(items.count, $0 + size)]) }
    }

    /// The next batch, or nil after the last.
    /// - Throws: what `make` threw for an image of this batch.
    public func next() throws -> Batch? {
        start()
        condition.lock()
        defer { condition.unlock() }
        guard nextToTake < batches.count else { return nil }
        let began = Date()
        while ready[nextToTake] == nil {
            if let failure, failure.batch <= nextToTake { throw failure.error }
            guard !hasThreads else {
                condition.wait()
                continue
            }
            condition.unlock()
            _ = makeOne()
            condition.lock()
        }
        waitedSeconds += Date().timeIntervalSince(began)
        defer {
            nextToTake += 1
            condition.broadcast()
        }
        return ready.removeValue(forKey: nextToTake)
    }

    /// Stops making batches.
    public func cancel() {
        condition.lock()
        cancelled = true
        condition.broadcast()
        condition.unlock()
    }

    private func start() {
        condition.lock()
        defer { condition.unlock() }
        guard !started else { return }
        started = true
        for _ in 0..<min(threads, batches.count) {
            let work = Work(loader: self)
            // Where the system has no threads, the consumer makes what it takes.
            guard let thread = startThread({ while work.step() {} }) else { break }
            thread.detach()
            hasThreads = true
        }
    }

    /// Holds the loader weakly, so that dropping it ends its threads.
    private final class Work: @unchecked Sendable {
        weak var loader: Loader?

        init(loader: Loader) { self.loader = loader }

        func step() -> Bool { loader?.makeOne() ?? false }
    }

    /// Makes one batch; false when there is none left to make. Waits at most a moment for room, so that a thread never
    /// keeps an abandoned loader alive.
    private func makeOne() -> Bool {
        condition.lock()
        guard !cancelled, nextToMake < batches.count else {
            condition.unlock()
            return false
        }
        guard nextToMake < nextToTake + depth else {
            _ = condition.wait(until: Date().addingTimeInterval(0.1))
            condition.unlock()
            return true
        }
        let index = nextToMake
        nextToMake += 1
        condition.unlock()
        do {
            let items = batches[index]
            // Every float is written, so none is cleared before.
            let images = try [Float](unsafeUninitializedCapacity: items.count * imageCount) { buffer, filled in
                guard let base = buffer.baseAddress else { return }
                for (at, item) in items.enumerated() { try make(item, base + at * imageCount) }
                filled = items.count * imageCount
            }
            condition.lock()
            ready[index] = Batch(inputs: images, items: items)
        } catch {
            condition.lock()
            if failure == nil || index < failure?.batch ?? .max { failure = (index, error) }
            cancelled = true
        }
        condition.broadcast()
        condition.unlock()
        return true
    }
}
