import FlyingFox
import Foundation

/// The bytes of a request, as they come.
final class RequestBody: @unchecked Sendable {
    // Sendable: the handler reads it, and when that has ended, the reply.
    private var iterator: HTTPBodySequence.Iterator
    /// Whether there is nothing left on the wire.
    private(set) var isOver: Bool

    init(_ request: HTTPRequest) {
        iterator = request.bodySequence.makeAsyncIterator()
        // As much as comes with the headers; everything longer is left on the wire.
        isOver = request.bodySequence.count.map { $0 <= Self.readWithHeaders } ?? false
    }

    /// Bodies up to this long have been read when the handler is called.
    static let readWithHeaders = 4096

    func next() async throws -> Data? {
        let chunk = try await iterator.next()
        if chunk == nil { isOver = true }
        return chunk
    }

    /// All of it.
    /// - Parameters:
    ///   - declared: its length, if it has been told.
    ///   - form: bytes that may come around an image of `limit` bytes.
    ///   - held: what is charged with the bytes; the caller gives them back.
    /// - Throws: `WebError` if it is too long, late, or there is no room.
    func read(declared: Int?, limit: Int, form: Int, seconds: Double, held: HeldBytes) async throws -> [UInt8] {
        if let declared, declared > limit + form { throw WebError.tooLarge(limit: limit) }
        let end = ContinuousClock.now + .seconds(seconds)
        var bytes: [UInt8] = []
        do {
            while bytes.count != declared, let chunk = try await next() {
                guard bytes.count + chunk.count <= limit + form else { throw WebError.tooLarge(limit: limit) }
                guard ContinuousClock.now < end else { throw WebError.late }
                try held.take(chunk.count)
                bytes += chunk
            }
        } catch {
            held.giveBack(bytes.count)
            guard let error = error as? WebError else { throw WebError.late }
            throw error
        }
        isOver = true
        return bytes
    }

    /// Reads on without keeping anything, for a moment at most.
    func drain() async {
        let end = ContinuousClock.now + .seconds(2)
        while !isOver, ContinuousClock.now < end {
            guard (try? await next()) != nil else { return }
        }
    }
}
