import Foundation
import Synchronization

/// The first Ctrl-C, or SIGTERM, asks for an orderly end; the second ends at once.
enum StopSignal {
    private static let received = Atomic<Int32>(0)

    static func watch() {
        _ = received.load(ordering: .relaxed)  // made now, for a handler must not
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in [SIGINT, SIGTERM] {
            signal(number) { number in
                StopSignal.received.store(number, ordering: .relaxed)
                signal(number, SIG_DFL)
            }
            sigaddset(&signals, number)
        }
        // A program that is started by a thread which blocks them, as Dispatch's do, would never get them.
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }

    /// The signal that came, if one did.
    static var number: Int32? {
        let number = received.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }
}
