import Foundation
import Testing

/// One HTTP request to a server on this machine, over a plain socket.
struct LoopbackClient {
    let url: URL

    /// The reply's body, with status 200.
    func ask(body: [UInt8]? = nil) throws -> [UInt8] {
        let port = UInt16(try #require(url.port))
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let isConnected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        try #require(isConnected)
        let head =
            "\(body == nil ? "GET" : "POST") \(url.path.isEmpty ? "/" : url.path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n"
            + "Content-Length: \(body?.count ?? 0)\r\nConnection: close\r\n\r\n"
        let handle = FileHandle(fileDescriptor: descriptor)
        try handle.write(contentsOf: Data(head.utf8) + Data(body ?? []))
        let reply = Array(try handle.readToEnd() ?? Data())
        #expect(reply.starts(with: Array("HTTP/1.1 200 ".utf8)))
        let end = reply.indices.first { reply[$0...].starts(with: [13, 10, 13, 10]) }
        return Array(reply[(try #require(end) + 4)...])
    }
}
