import Evaluation
import FlyingFox
import FlyingSocks
import Foundation
import Synchronization
import Training

/// A model on a loopback address: a page, and a JSON API.
///
/// ```swift
/// let server = try ModelServer(model, isBundle: true, settings: settings)
/// try await server.run(until: { isStopped }) { print($0) }
/// ```
public final class ModelServer: Sendable {
    private let handler: WebHandler
    private let settings: ServerSettings
    /// The port that is listened on, once one is.
    private let port = Mutex<UInt16?>(nil)

    /// - Parameter isBundle: whether the model is a bundle that was verified.
    /// - Throws: `InputError` if the memory does not suffice.
    public init(_ model: Model, isBundle: Bool, settings: ServerSettings) throws {
        handler = try WebHandler(model, isBundle: isBundle, settings: settings)
        self.settings = settings
    }

    /// Serves until it is told to end; what is being answered then is answered first.
    /// - Parameters:
    ///   - isStopped: asked twenty times a second.
    ///   - ready: called once with the URL.
    /// - Throws: `InputError` if the port cannot be had; what `ready` throws.
    public func run(
        until isStopped: @escaping @Sendable () -> Bool, ready: @escaping @Sendable (String) throws -> Void
    ) async throws {
        while true {
            do {
                return try await serve(until: isStopped, ready: ready)
            } catch SocketError.failed(type: "Accept", errno: _, message: _) {
                // Out of file descriptors: every connection has been dropped, so there are some again.
                try await Task.sleep(for: .milliseconds(200))
            } catch SocketError.failed(_, errno: let code, let message) {
                throw InputError(
                    code == EADDRINUSE ? "the port is in use" : "cannot be listened on",
                    at: "\(settings.address.inURL):\(settings.port)", expected: "a free port; --port 0 takes one",
                    got: message)
            }
        }
    }

    private func serve(
        until isStopped: @escaping @Sendable () -> Bool, ready: @escaping @Sendable (String) throws -> Void
    ) async throws {
        let server = HTTPServer(
            config: .init(
                address: try settings.address.socketAddress(port: port.withLock { $0 } ?? settings.port),
                // The handler has limits of its own, and says so when they are reached.
                timeout: 3600, sharedRequestBufferSize: RequestBody.readWithHeaders, sharedRequestReplaySize: 0,
                pool: ClientPool(base: HTTPServer.defaultPool(), seconds: settings.idleSeconds),
                logger: .disabled), handler: handler)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            group.addTask {
                try self.announce(try await Self.address(of: server), ready)
                while !isStopped() { try await Task.sleep(for: .milliseconds(50)) }
                await self.handler.finish(within: 5)
                await server.stop()
            }
            do {
                try await group.next()
            } catch {
                // That a server which was told to stop is disconnected is no failure.
                guard isStopped() else { throw error }
            }
        }
    }

    /// Once it listens.
    private static func address(of server: HTTPServer) async throws -> Socket.Address {
        while true {
            if let address = await server.listeningAddress { return address }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    private func announce(_ address: Socket.Address, _ ready: (String) throws -> Void) throws {
        let taken: UInt16 =
            switch address {
            case .ip4(_, let port), .ip6(_, let port): port
            default: settings.port
            }
        let isFirst = port.withLock { port in
            defer { port = taken }
            return port == nil
        }
        handler.use(port: taken)
        if isFirst { try ready("http://\(settings.address.inURL):\(taken)/") }
    }
}
