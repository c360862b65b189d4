import FlyingFox
import FlyingSocks
import Foundation
import Synchronization

/// The word that a client awaits before it sends a body (`Expect: 100-continue`, as curl's from a megabyte on; without it
/// the client waits a second). It is sent when the body is read and is not there.
final class ExpectContinue: Sendable {
    /// Of the request whose body is being read.
    @TaskLocal static var current: ExpectContinue?

    private let isSent = Mutex(false)

    init?(_ request: HTTPRequest) {
        let expected = request.headers[HTTPHeader("Expect")]?.lowercased()
        guard request.version == .http11, expected == "100-continue" else { return nil }
    }

    func send(on socket: Socket) throws {
        let isFirst = isSent.withLock { isSent in
            defer { isSent = true }
            return !isSent
        }
        if isFirst { _ = try socket.write(Data("HTTP/1.1 100 Continue\r\n\r\n".utf8)) }
    }
}
