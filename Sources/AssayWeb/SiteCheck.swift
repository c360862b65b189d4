import FlyingFox

/// Refuses what a page of another site sent. A name that its owner points at this machine does not make it this site (DNS
/// rebinding), so the host must be one of this machine's own names.
struct SiteCheck {
    let hosts: Set<String>

    init(_ address: LoopbackAddress, port: UInt16) {
        let names = ["localhost", "127.0.0.1", "[::1]", address.inURL]
        hosts = Set(names.map { "\($0):\(port)" } + (port == 80 ? names : []))
    }

    /// - Throws: `WebError` 403, or 400 without a host.
    func check(_ request: HTTPRequest) throws {
        guard let host = request.headers[.host]?.lowercased() else {
            throw WebError(.badRequest, "The request has no Host header.")
        }
        guard hosts.contains(host) else {
            throw WebError(.forbidden, "This server answers only to \(hosts.sorted().joined(separator: ", ")).")
        }
        if let origin = request.headers[.origin], origin.lowercased() != "http://\(host)" {
            throw WebError(.forbidden, "Pages of other sites may not use this server.")
        }
    }
}
