import FlyingSocks
import Foundation

/// Waits for sockets as `base` does, but gives up on one that is silent for too long, so that half-open clients do not pile
/// up. The listening socket may wait for ever.
struct ClientPool<Base: AsyncSocketPool>: AsyncSocketPool {
    let base: Base
    let seconds: Double

    func prepare() async throws { try await base.prepare() }

    func run() async throws { try await base.run() }

    func suspendSocket(_ socket: Socket, untilReadyFor events: Socket.Events) async throws {
        guard !Self.isListening(socket) else { return try await base.suspendSocket(socket, untilReadyFor: events) }
        if events.contains(.read) { try ExpectContinue.current?.send(on: socket) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await base.suspendSocket(socket, untilReadyFor: events) }
            group.addTask {
                try await Task.sleep(for: .seconds(seconds))
                throw SocketError.disconnected
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private static func isListening(_ socket: Socket) -> Bool {
        var value: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(socket.file.rawValue, SOL_SOCKET, SO_ACCEPTCONN, &value, &length) == 0 && value != 0
    }
}
