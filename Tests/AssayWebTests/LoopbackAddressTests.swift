import AssayWeb
import Evaluation
import Testing

@Suite struct LoopbackAddressTests {
    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1"), ("127.8.9.1", "127.8.9.1"), ("::1", "::1"), ("0:0:0:0:0:0:0:1", "::1"),
        ("localhost", "127.0.0.1"),
    ])
    func addressesOfThisMachineAloneAreTaken(text: String, expected: String) throws {
        #expect(try LoopbackAddress(text).text == expected)
    }

    @Test(arguments: [
        "0.0.0.0", "::", "192.168.0.1", "128.0.0.1", "126.255.255.255", "::2", "100::1", "example.org", "", "127.1",
    ])
    func othersAreRefused(text: String) {
        #expect(throws: InputError.self) { try LoopbackAddress(text) }
    }
}
