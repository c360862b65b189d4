import AssayWeb
import FlyingFox
import Testing

@Suite struct WebPageTests {
    private func text(_ path: String) async throws -> (text: String, headers: [HTTPHeader: String]) {
        let exchange = try await Exchange(ServedModel.handler(), .GET, path)
        #expect(exchange.status == 200, "\(path)")
        return (String(decoding: exchange.bytes, as: UTF8.self), exchange.headers)
    }

    @Test func everyReplyForbidsStrangersScripts() async throws {
        for path in ["/", "/style.css", "/page.js", "/icon.svg", "/model", "/health"] {
            let headers = try await text(path).headers
            let policy = headers[HTTPHeader("Content-Security-Policy")] ?? ""
            #expect(
                policy.hasPrefix("default-src 'none'; script-src 'self'; style-src 'self';")
                    && !policy.contains("unsafe"))
            #expect(headers[HTTPHeader("X-Content-Type-Options")] == "nosniff", "\(path)")
        }
        #expect(try await text("/").headers[.contentType] == "text/html; charset=utf-8")
    }

    /// What the policy would block, and what would need another machine.
    @Test func thePageIsWholeAndHoldsNothingInline() async throws {
        let page = try await text("/").text
        for part in ["<style", " style=", " onclick", " onload", "http://", "https://", "<script>"] {
            #expect(!page.contains(part), "\(part)")
        }
        for path in page.components(separatedBy: "=\"/").dropFirst().map({ "/" + $0.prefix { $0 != "\"" } }) {
            _ = try await text(path)
        }
        for id in ["for=\"file\"", "aria-live=\"polite\"", "lang=\"en\"", "name=\"viewport\""] {
            #expect(page.contains(id), "\(id)")
        }
    }

    @Test func labelsReachThePageAsTextAlone() async throws {
        let script = try await text("/page.js").text
        for way in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function("] {
            #expect(!script.contains(way), "\(way)")
        }
    }

    /// Every element that the script asks for is there.
    @Test func scriptAndPageFitTogether() async throws {
        let (page, script) = (try await text("/").text, try await text("/page.js").text)
        let asked = Set(script.components(separatedBy: "byId(\"").dropFirst().map { String($0.prefix { $0 != "\"" }) })
        #expect(asked.count > 8)
        for id in asked { #expect(page.contains("id=\"\(id)\""), "\(id)") }
    }
}
