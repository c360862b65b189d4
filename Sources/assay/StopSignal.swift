import Foundation
import Synchronization

/// The first Ctrl-C, or SIGTERM, asks for an orderly end; the second ends at once.
enum StopSignal {
    private static let received = Atomic<Int32>(0)

    static func watch() {
        _ = received.load(ordering: .relaxed)  // made now, for a handler must not
        Signals.handle { number in
            StopSignal.received.store(number, ordering: .relaxed)
            signal(number, SIG_DFL)
        }
    }

    /// The signal that came, if one did.
    static var number: Int32? {
        let number = received.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }
}
