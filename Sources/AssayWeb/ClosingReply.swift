import FlyingFox
import FlyingSocks
import Foundation

/// The bytes of a reply to a request whose body was not wanted: after it the connection ends, so that the rest of the body
/// is never taken for another request.
struct ClosingReply: AsyncBufferedSequence {
    typealias Element = UInt8

    let bytes: Data
    let rest: RequestBody

    struct End: Error {}

    struct Iterator: AsyncBufferedIteratorProtocol {
        let reply: ClosingReply
        var isSent = false

        mutating func next() async throws -> UInt8? { throw End() }

        mutating func nextBuffer(suggested count: Int) async throws -> Data? {
            if !isSent {
                isSent = true
                return reply.bytes
            }
            // To close on unread bytes would reset the connection, and the reply could be lost with it.
            await reply.rest.drain()
            throw End()
        }
    }

    func makeAsyncIterator() -> Iterator { Iterator(reply: self) }
}
