import AssayWeb
import FlyingFox
import Testing

@Suite struct MultipartFormTests {
    private static let head = "Content-Disposition: form-data; name=\"image\"; filename=\"a\"\r\n"

    /// A form's answer is that of the bytes it should hold: "x…" is text, nothing is an empty file.
    private func error(_ form: String, type: String = "multipart/form-data; boundary=b") async throws -> (Int, String) {
        let exchange = try await Exchange(
            ServedModel.handler(), .POST, "/predict", body: Array(form.utf8), headers: [.contentType: type])
        return (exchange.status, try exchange.error())
    }

    @Test(arguments: [
        "--b\r\n\(head)\r\nxyz\r\n--b--\r\n",
        "--b\r\n\(head)Content-Type: image/png\r\n\r\nxyz\r\n--b--",
        "--b\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhello\r\n--b\r\n\(head)\r\nxyz\r\n--b--\r\n",
        "--b\r\n\(head)\r\nxyz\r\n--bx\r\r\n-\r\n--b--\r\n".replacingOccurrences(of: "--bx", with: "--c"),
    ]) func theFileIsWhatIsBetween(form: String) async throws {
        let (status, sentence) = try await error(form)
        #expect(status == 400 && sentence.hasSuffix("got text."), "\(sentence)")
    }

    @Test func anEmptyFileIsEmpty() async throws {
        let (status, sentence) = try await error("--b\r\n\(Self.head)\r\n\r\n--b--\r\n")
        #expect(status == 400 && sentence.contains("is empty"), "\(sentence)")
    }

    @Test(arguments: [
        ("", 400), ("--", 400), ("--b", 400), ("--b\r\n", 400), ("--b\r\n\(head)", 400), ("--b\r\n\(head)\r\n", 400),
        ("--b\r\n\(head)\r\nxyz", 400), ("--b\r\n\(head)\r\nxyz\r\n--b", 400), ("x--b--", 400), ("--b--", 415),
        ("--b\r\n\(head)\r\nx\r\n--b\r\n\(head)\r\ny\r\n--b--", 400),
        ("--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--b--", 415),
    ]) func whatIsNoSuchFormIsRefused(form: String, status: Int) async throws {
        let answer = try await error(form)
        #expect(answer.0 == status && answer.1.hasPrefix("The form "), "\(answer)")
    }

    @Test(arguments: ["multipart/form-data", "multipart/form-data; boundary=", "multipart/mixed; boundary=b"])
    func aFormWithoutABoundaryIsRefused(type: String) async throws {
        #expect(try await error("--b--", type: type).0 == 415)
    }
}
