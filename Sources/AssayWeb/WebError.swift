import FlyingFox

/// Why a request is not answered: a status and one sentence, which becomes `{"error": …}`.
package struct WebError: Error, Equatable {
    package let status: HTTPStatusCode
    package let sentence: String
    package var headers: [HTTPHeader: String] = [:]

    package init(_ status: HTTPStatusCode, _ sentence: String, headers: [HTTPHeader: String] = [:]) {
        self.status = status
        self.sentence = sentence
        self.headers = headers
    }

    static func tooLarge(limit: Int) -> WebError {
        WebError(.payloadTooLarge, "The image is too large; this server takes at most \(limit) bytes.")
    }

    package static let busy = WebError(
        .serviceUnavailable, "Too many images are waiting; try again in a second.", headers: [.retryAfter: "1"])

    static let late = WebError(.requestTimeout, "The image did not arrive in time.")
}

extension HTTPHeader {
    static let allow = HTTPHeader("Allow")
    static let origin = HTTPHeader("Origin")
    static let retryAfter = HTTPHeader("Retry-After")
}
