import AssayWeb
import FlyingFox
import Testing

@Suite struct SiteCheckTests {
    @Test(arguments: ["127.0.0.1:8080", "localhost:8080", "LOCALHOST:8080", "[::1]:8080"])
    func ownNamesAreAnswered(host: String) async throws {
        let handler = try ServedModel.handler()
        #expect(try await Exchange(handler, .GET, "/health", headers: [.host: host]).status == 200)
        let origin = [HTTPHeader.host: host, HTTPHeader("Origin"): "http://\(host)"]
        #expect(try await Exchange(handler, .GET, "/health", headers: origin).status == 200)
    }

    /// A stranger's name that points here (DNS rebinding) must not make this server part of the stranger's site.
    @Test(arguments: [
        "evil.example", "evil.example:8080", "localhost", "localhost:80", "localhost:8081",
        "127.0.0.1:8080.evil.example",
        "127.0.0.2:8080", "", "localhost:8080@evil.example",
    ])
    func strangersNamesAreRefused(host: String) async throws {
        for path in ["/", "/model", "/predict", "/health"] {
            let exchange = try await Exchange(ServedModel.handler(), .GET, path, headers: [.host: host])
            #expect(try exchange.status == 403 && exchange.error().contains("localhost:8080"), "\(path)")
        }
    }

    @Test(arguments: ["http://evil.example", "null", "https://127.0.0.1:8080", "http://localhost:8080"])
    func pagesOfOtherSitesAreRefused(origin: String) async throws {
        let exchange = try await Exchange(
            ServedModel.handler(), .POST, "/predict", headers: [HTTPHeader("Origin"): origin])
        #expect(exchange.status == 403)
    }

    @Test func noReplyInvitesOtherSites() async throws {
        let exchange = try await Exchange(ServedModel.handler(), .GET, "/model")
        #expect(!exchange.headers.keys.contains { $0.rawValue.lowercased().hasPrefix("access-control") })
    }
}
