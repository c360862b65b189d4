import Evaluation
import FlyingSocks
import Foundation

/// An address that only programs on this machine can reach.
public struct LoopbackAddress: Sendable, Equatable {
    /// As the system writes it: `127.0.0.1`, `::1`.
    public let text: String
    let isVersion6: Bool

    /// - Throws: `InputError` for any other address, and for a name but `localhost`.
    public init(_ text: String) throws {
        let plain = text == "localhost" ? "127.0.0.1" : text
        var (four, six) = (in_addr(), in6_addr())
        if inet_pton(AF_INET, plain, &four) == 1, UInt32(bigEndian: four.s_addr) >> 24 == 127 {
            isVersion6 = false
            self.text = plain
        } else if inet_pton(AF_INET6, plain, &six) == 1,
            withUnsafeBytes(of: six, { $0.dropLast().allSatisfy { $0 == 0 } && $0.last == 1 })
        {
            isVersion6 = true
            self.text = "::1"
        } else {
            throw InputError(
                "no address of this machine alone", expected: "127.0.0.1, another of 127.0.0.0/8, ::1 or localhost",
                got: "'\(text)'")
        }
    }

    /// As it stands in a URL.
    var inURL: String { isVersion6 ? "[\(text)]" : text }

    func socketAddress(port: UInt16) throws -> any SocketAddress {
        isVersion6 ? try sockaddr_in6.inet6(ip6: text, port: port) : try sockaddr_in.inet(ip4: text, port: port)
    }
}
