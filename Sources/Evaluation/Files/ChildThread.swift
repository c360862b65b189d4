import Foundation

/// A thread whose start may fail, where the system has no memory for its stack or no more threads: Foundation says nothing
/// then, and Dispatch tries again for ever.
package struct ChildThread {
    private final class Work {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    private let thread: pthread_t

    /// Starts `body`; nil if there is no thread to be had. Each is joined or detached once.
    package init?(_ body: @escaping @Sendable () -> Void) {
        let work = Unmanaged.passRetained(Work(body))
        var thread = pthread_t()
        let status = pthread_create(
            &thread, nil,
            { work in
                if let work { Unmanaged<Work>.fromOpaque(work).takeRetainedValue().body() }
                return nil
            }, work.toOpaque())
        guard status == 0 else {
            work.release()
            return nil
        }
        self.thread = thread
    }

    /// Waits until `body` has returned and is let go of.
    package func join() { pthread_join(thread, nil) }

    /// Leaves it alone.
    package func detach() { pthread_detach(thread) }
}
