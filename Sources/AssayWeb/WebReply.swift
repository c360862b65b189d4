import Evaluation
import FlyingFox
import Foundation

/// A reply with the headers that every reply has.
struct WebReply {
    var status = HTTPStatusCode.ok
    var type: String
    var headers: [HTTPHeader: String] = [:]
    var bytes: Data

    static func json(_ bytes: Data) -> WebReply { WebReply(type: "application/json", bytes: bytes) }

    init(status: HTTPStatusCode = .ok, type: String, headers: [HTTPHeader: String] = [:], bytes: Data) {
        self.status = status
        self.type = type
        self.headers = headers
        self.bytes = bytes
    }

    init(_ error: WebError) {
        let text = (try? JSON.object(["error": .string(error.sentence)]).text()) ?? "{}"
        self.init(
            status: error.status, type: "application/json", headers: error.headers, bytes: Data((text + "\n").utf8))
    }

    /// Own files, pictures of a chosen file, and nothing from anywhere else; no frame around the page.
    private static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

    /// - Parameter body: the request's; if some of it is unread, the connection ends.
    func response(isHead: Bool, body: RequestBody) -> HTTPResponse {
        var all: [HTTPHeader: String] = [
            .contentType: type, .cacheControl: "no-store", HTTPHeader("X-Content-Type-Options"): "nosniff",
            HTTPHeader("Content-Security-Policy"): Self.policy, HTTPHeader("Referrer-Policy"): "no-referrer",
            HTTPHeader("Cross-Origin-Resource-Policy"): "same-origin", .contentLength: "\(bytes.count)",
        ]
        all.merge(headers) { $1 }
        let content = isHead ? Data() : bytes
        guard !body.isOver else {
            return HTTPResponse(statusCode: status, headers: HTTPHeaders(all), body: content)
        }
        all[.connection] = "close"
        let closing = HTTPBodySequence(from: ClosingReply(bytes: content, rest: body), count: content.count)
        return HTTPResponse(statusCode: status, headers: HTTPHeaders(all), body: closing)
    }
}
