import Evaluation
import Foundation
import Synchronization
import Training

/// Ctrl-C, or SIGTERM, during a command that has no orderly end of its own (`StopSignal`): what it was making is taken away.
enum Interruption {
    /// Where a handler, which may do hardly anything, writes the signal for the thread that waits for it.
    private static let entrance = Atomic<Int32>(-1)

    static func watch() {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let exit = ends[0]
        entrance.store(ends[1], ordering: .relaxed)
        let watcher = ChildThread {
            var number: UInt8 = 0
            while read(exit, &number, 1) != 1 { guard errno == EINTR else { return } }
            UnfinishedFolders.end {
                Terminal.note("stopped")
                _exit(128 + Int32(number))
            }
        }
        // Without it a signal ends the program at once, as it does by itself.
        guard let watcher else { return }
        watcher.detach()
        Signals.handle { number in
            // The second one ends at once.
            signal(number, SIG_DFL)
            var byte = UInt8(truncatingIfNeeded: number)
            write(Interruption.entrance.load(ordering: .relaxed), &byte, 1)
        }
    }
}
