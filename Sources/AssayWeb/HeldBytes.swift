import Synchronization

/// The bytes that requests may hold, all together.
package final class HeldBytes: Sendable {
    private let limit: Int
    private let held = Mutex(0)

    package init(limit: Int) { self.limit = limit }

    /// - Throws: `WebError.busy` if there is no room.
    package func take(_ count: Int) throws {
        try held.withLock { held in
            guard held + count <= limit else { throw WebError.busy }
            held += count
        }
    }

    package func giveBack(_ count: Int) { held.withLock { $0 -= count } }

    package var count: Int { held.withLock { $0 } }
}
