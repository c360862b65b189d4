import AssayWeb
import FlyingFox
import FlyingSocks
import Foundation
import Synchronization
import Testing

/// A server on a free port, while `body` runs.
func withServer<Value: Sendable>(
    _ change: (inout ServerSettings) -> Void = { _ in }, _ body: @escaping @Sendable (UInt16) async throws -> Value
) async throws -> Value {
    let settings = try ServedModel.settings(change)
    let server = try ModelServer(try ServedModel.make(), isBundle: false, settings: settings)
    let stop = Stop()
    let (urls, found) = AsyncStream<String>.makeStream()
    return try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask {
            try await server.run(until: { stop.isAsked }) { found.yield($0) }
            return nil
        }
        group.addTask {
            defer { stop.ask() }
            var url: String?
            for await first in urls {
                url = first
                break
            }
            let port = try #require(url?.split(separator: ":").last.flatMap { UInt16($0.dropLast()) })
            return try await body(port)
        }
        var value: Value?
        for try await result in group { value = result ?? value }
        return try #require(value)
    }
}

private final class Stop: Sendable {
    private let state = Mutex(false)
    var isAsked: Bool { state.withLock { $0 } }
    func ask() { state.withLock { $0 = true } }
}

/// Bytes to and from a server, as rudely as a test wants.
struct Connection {
    let socket: AsyncSocket

    init(port: UInt16) async throws {
        socket = try await .connected(to: sockaddr_in.inet(ip4: "127.0.0.1", port: port), pool: .client, timeout: 3600)
    }

    func send(_ text: String) async throws { try await socket.write(Data(text.utf8)) }

    func send(_ bytes: [UInt8]) async throws { try await socket.write(Data(bytes)) }

    /// Everything until the server closes.
    func rest() async -> String {
        var bytes: [UInt8] = []
        while let more = try? await socket.read(atMost: 4096) { bytes += more }
        try? socket.close()
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Until `text` has come.
    func read(until text: String) async throws -> String {
        var got = ""
        while !got.contains(text) { got += String(decoding: try await socket.read(atMost: 4096), as: UTF8.self) }
        return got
    }
}
