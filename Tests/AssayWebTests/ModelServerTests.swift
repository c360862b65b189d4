import AssayWeb
import Evaluation
import Foundation
import Testing

@Suite struct ModelServerTests {
    private static func head(_ line: String, _ port: UInt16, _ more: String...) -> String {
        ([line, "Host: localhost:\(port)"] + more).joined(separator: "\r\n") + "\r\n\r\n"
    }

    @Test func aFreePortIsTakenAndRequestsFollowOneAnother() async throws {
        let got = try await withServer { port in
            #expect(port != 0)
            let connection = try await Connection(port: port)
            try await connection.send(Self.head("GET /health HTTP/1.1", port))
            _ = try await connection.read(until: "ok")
            try await connection.send(Self.head("GET /nothing HTTP/1.1", port, "Connection: close"))
            return await connection.rest()
        }
        #expect(got.hasPrefix("HTTP/1.1 404 "))
    }

    @Test func aTakenPortIsOneLine() async throws {
        try await withServer { port in
            let settings = try ServedModel.settings { $0.port = port }
            let second = try ModelServer(try ServedModel.make(), isBundle: false, settings: settings)
            let error = await #expect(throws: InputError.self) {
                try await second.run(until: { false }) { _ in Issue.record("it listens") }
            }
            #expect(error?.description.hasPrefix("127.0.0.1:\(port): the port is in use; expected a free port") == true)
        }
    }

    /// Half a request, half a body, and silence: none keeps another waiting, and all are let go.
    @Test func silentClientsBlockNobodyAndAreLetGo() async throws {
        try await withServer {
            $0.idleSeconds = 1
        } _: { port in
            var silent: [Connection] = []
            for start in [
                "", "GET / HT", "POST /predict HTTP/1.1\r\nHost: localhost:\(port)\r\nContent-Length: 9000\r\n\r\nhalf",
            ] {
                for _ in 0..<20 {
                    let connection = try await Connection(port: port)
                    try await connection.send(start)
                    silent.append(connection)
                }
            }
            var reply = ""
            // Where the machine is busy, this one may be let go as well before its turn comes.
            while !reply.contains("ok") {
                let quick = try await Connection(port: port)
                try? await quick.send(Self.head("GET /health HTTP/1.1", port, "Connection: close"))
                reply = await quick.rest()
            }
            for connection in silent {
                let end = await connection.rest()
                #expect(end.isEmpty || end.hasPrefix("HTTP/1.1 408 "), "\(end)")
            }
        }
    }

    @Test func aBodyTooLongByItsHeaderIsRefusedUnread() async throws {
        try await withServer {
            $0.maximumBytes = 10_000
        } _: { port in
            let connection = try await Connection(port: port)
            // None of it is ever sent.
            try await connection.send(Self.head("POST /predict HTTP/1.1", port, "Content-Length: 100000000"))
            let got = try await connection.read(until: "}")
            #expect(got.hasPrefix("HTTP/1.1 413 ") && got.contains("Connection: close"), "\(got)")
            try connection.socket.close()
        }
    }

    @Test(arguments: [2, 40]) func aBodyWithoutALengthIsRefusedOnTheWay(chunks: Int) async throws {
        let got = try await withServer {
            $0.maximumBytes = 10_000
        } _: { port in
            let connection = try await Connection(port: port)
            try await connection.send(Self.head("POST /predict HTTP/1.1", port, "Transfer-Encoding: chunked"))
            for _ in 0..<chunks {
                try await connection.send("3e8\r\n" + String(repeating: "x", count: 1000) + "\r\n")
            }
            try await connection.send("0\r\n\r\n")
            let got = try await connection.read(until: "}")
            try connection.socket.close()
            return got
        }
        #expect(got.hasPrefix(chunks == 2 ? "HTTP/1.1 400 " : "HTTP/1.1 413 "), "\(got)")
    }

    /// A refused body must not be taken for the next request: it could carry any Host.
    @Test func aRefusedBodyIsNoRequest() async throws {
        let got = try await withServer { port in
            let connection = try await Connection(port: port)
            let inner = Self.head("GET /model HTTP/1.1", port)
            let body = String(repeating: inner, count: 200)
            try await connection.send(
                "POST /predict HTTP/1.1\r\nHost: evil.example\r\nContent-Length: \(body.utf8.count)\r\n\r\n" + body)
            return await connection.rest()
        }
        #expect(got.hasPrefix("HTTP/1.1 403 ") && got.components(separatedBy: "HTTP/1.1 ").count == 2, "\(got)")
    }

    @Test func aClientThatWaitsIsToldToGoOn() async throws {
        let picture = try ServedModel.picture(seed: 1)
        #expect(picture.count > 4096)
        try await withServer { port in
            let connection = try await Connection(port: port)
            try await connection.send(
                Self.head(
                    "POST /predict HTTP/1.1", port, "Content-Length: \(picture.count)", "Expect: 100-continue",
                    "Connection: close"))
            let word = try await connection.read(until: "\r\n\r\n")
            #expect(word == "HTTP/1.1 100 Continue\r\n\r\n")
            try await connection.send(picture)
            let got = await connection.rest()
            #expect(got.hasPrefix("HTTP/1.1 200 ") && got.contains("no_prediction"), "\(got)")
        }
    }

    @Test func whatIsNoRequestEndsItsConnectionAlone() async throws {
        try await withServer { port in
            for noise in [
                "\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/1.1\r\n: x\r\n\r\n", "\u{0}\u{1}\r\n\r\n",
                "POST /predict HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
                "POST /predict HTTP/1.1\r\nHost: localhost:\(port)\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            ] {
                let connection = try await Connection(port: port)
                try await connection.send(noise + Self.head("GET /nothing HTTP/1.1", port, "Connection: close"))
                #expect(!(await connection.rest()).contains("200 OK"), "\(noise)")
            }
            let connection = try await Connection(port: port)
            try await connection.send(Self.head("GET /health HTTP/1.1", port, "Connection: close"))
            #expect(await connection.rest().contains("ok"))
        }
    }
}
