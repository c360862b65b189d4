import CKernels
import Foundation
import Synchronization

/// Threads that help with one piece of parallel work after another. They look out for the next for a moment before they
/// sleep: a network has hundreds of short pieces a pass, and waking a thread for each takes 30 to 60 microseconds.
final class WorkerPool: @unchecked Sendable {
    // Sendable by discipline: the work below is written only while nobody can join, and read only by those who did.
    static let shared = WorkerPool()

    private let isBusy = Atomic<Bool>(false)
    /// The work in hand: its number from bit 16 on, how many helpers joined it from bit 1 on, and whether more may.
    private let ticket = Atomic<UInt64>(0)
    private let next = Atomic<Int>(0)
    private let finished = Atomic<UInt64>(0)
    private let sleepers = Atomic<Int>(0)
    private let bell = NSCondition()
    private var body: ((_ piece: Int, _ worker: Int) -> Void)?
    private var pieces = 0
    private var mostHelpers: UInt64 = 0
    private var helpers: UInt64 = 0

    private static let isOpen: UInt64 = 1
    private static let oneHelper: UInt64 = 2
    private static func number(_ ticket: UInt64) -> UInt64 { ticket >> 16 }
    private static func joined(_ ticket: UInt64) -> UInt64 { ticket >> 1 & 0x7fff }
    /// Looks before a helper sleeps: about a tenth of a millisecond.
    private static let looks = 1 << 13

    /// Runs `body(piece, worker)` for each piece on at most `threads` threads, the caller being worker 0; returns when
    /// all are done. False, having done nothing, where the pool is at other work.
    func run(_ pieces: Int, threads: Int, _ body: @escaping (_ piece: Int, _ worker: Int) -> Void) -> Bool {
        guard isBusy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged else {
            return false
        }
        defer { isBusy.store(false, ordering: .releasing) }
        mostHelpers = UInt64(min(threads - 1, 0x7fff))
        while helpers < mostHelpers {
            helpers += 1
            Thread.detachNewThread { self.help() }
        }
        (self.body, self.pieces) = (body, pieces)
        next.store(0, ordering: .relaxed)
        finished.store(0, ordering: .relaxed)
        let number = Self.number(ticket.load(ordering: .relaxed)) + 1
        ticket.store(number << 16 | Self.isOpen, ordering: .sequentiallyConsistent)
        // A helper counts itself as asleep before it looks at the ticket for the last time: one of us sees the other.
        if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
            bell.lock()
            bell.broadcast()
            bell.unlock()
        }
        work(0, body)
        // All pieces are taken; whoever joined may still be at one.
        let closed = ticket.bitwiseAnd(~Self.isOpen, ordering: .acquiringAndReleasing).oldValue
        spin { self.finished.load(ordering: .acquiring) == Self.joined(closed) }
        self.body = nil
        return true
    }

    private func work(_ worker: Int, _ body: (_ piece: Int, _ worker: Int) -> Void) {
        while true {
            let piece = next.wrappingAdd(1, ordering: .relaxed).oldValue
            if piece >= pieces { return }
            body(piece, worker)
        }
    }

    /// Waits for something that is a moment away; lets others run where it is not.
    private func spin(until isDone: () -> Bool) {
        var looks = 0
        while !isDone() {
            looks += 1
            if looks % Self.looks == 0 { sched_yield() } else { assay_pause() }
        }
    }

    // MARK: A helper

    private func help() {
        var last: UInt64 = 0
        while true {
            last = waitForWork(after: last)
            guard let worker = join(last) else { continue }
            assist(worker)
            finished.wrappingAdd(1, ordering: .releasing)
        }
    }

    /// On its own, so that the helper has let go of the work's closure before it says that it has finished.
    @inline(never)
    private func assist(_ worker: Int) {
        if let body { work(worker, body) }
    }

    /// The number of the work in hand, once it is another than `last`.
    private func waitForWork(after last: UInt64) -> UInt64 {
        for _ in 0..<Self.looks {
            let number = Self.number(ticket.load(ordering: .acquiring))
            if number != last { return number }
            assay_pause()
        }
        bell.lock()
        defer { bell.unlock() }
        sleepers.wrappingAdd(1, ordering: .sequentiallyConsistent)
        defer { sleepers.wrappingSubtract(1, ordering: .relaxed) }
        while true {
            let number = Self.number(ticket.load(ordering: .sequentiallyConsistent))
            if number != last { return number }
            bell.wait()
        }
    }

    /// Which worker the caller now is at work `number`; nil if that is closed or has helpers enough.
    private func join(_ number: UInt64) -> Int? {
        var seen = ticket.load(ordering: .acquiring)
        while Self.number(seen) == number, seen & Self.isOpen != 0, Self.joined(seen) < mostHelpers {
            let result = ticket.compareExchange(
                expected: seen, desired: seen + Self.oneHelper, ordering: .acquiringAndReleasing)
            if result.exchanged { return Int(Self.joined(seen)) + 1 }
            seen = result.original
        }
        return nil
    }
}
