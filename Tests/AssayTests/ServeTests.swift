import Evaluation
import Foundation
import Testing

/// `assay serve`, as a person and curl use it. One at a time: a server that inherits the pipe of another test's program keeps
/// that test waiting.
@Suite(.serialized) struct ServeTests {
    /// Serves until `body` is done, then sends `signal`.
    /// - Returns: the exit code; nil if a signal ended it.
    private func serve(
        _ arguments: [String], signal: Int32 = SIGINT, _ body: (URL) throws -> Void
    ) throws -> Int32? {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(Program.path))
        process.arguments = ["serve", "--port", "0"] + arguments
        let out = Pipe()
        process.standardOutput = out
        process.standardError = FileHandle.nullDevice
        try process.run()
        defer { if process.isRunning { process.terminate() } }
        var line = ""
        while !line.hasSuffix("\n"), let byte = try out.fileHandleForReading.read(upToCount: 1), !byte.isEmpty {
            line += String(decoding: byte, as: UTF8.self)
        }
        try body(try #require(URL(string: String(line.dropLast()))))
        kill(process.processIdentifier, signal)
        process.waitUntilExit()
        return process.terminationReason == .exit ? process.terminationStatus : nil
    }

    private func ask(_ url: URL, body: [UInt8]? = nil) throws -> [UInt8] {
        try LoopbackClient(url: url).ask(body: body)
    }

    @Test func aBundleAnswersAsPredictDoesAndEndsCleanly() throws {
        let trained = try TrainedRun()
        try trained.export()
        let file = trained.images + "/0.png"
        struct Reply: Decodable {
            struct Score: Decodable {
                let label: String
                let probability: Double
            }
            let labels: [String]
            let scores: [Score]
        }
        struct Said: Decodable {
            let predicted: [String]
            let probabilities: [String: Double]
        }
        let program = try Program.run(["predict", "--model", trained.bundle, file, "--json"])
        let said = try #require(JSON.decode([Said].self, from: Array(program.out.utf8)).first)
        for signal in [SIGINT, SIGTERM] {
            let code = try serve([trained.bundle], signal: signal) { url in
                let bytes = try ask(url.appendingPathComponent("predict"), body: FileBytes.read(file))
                let reply = try JSON.decode(Reply.self, from: bytes)
                #expect(
                    Dictionary(uniqueKeysWithValues: reply.scores.map { ($0.label, $0.probability) })
                        == said.probabilities)
                #expect(reply.labels == said.predicted)
                let model = String(decoding: try ask(url.appendingPathComponent("model")), as: UTF8.self)
                #expect(model.contains("\"is_bundle\" : true"))
            }
            #expect(code == 0)
        }
        let run = try serve(["--model", trained.run]) { url in
            let page = String(decoding: try ask(url), as: UTF8.self)
            #expect(page.contains("<!DOCTYPE html>"))
        }
        #expect(run == 0)
    }

    @Test func aBundleThatVerifyRefusesIsNotServed() throws {
        let trained = try TrainedRun()
        try trained.export()
        try FileBytes.write("x", to: trained.bundle + "/extra")
        #expect(try Program.run(["verify", trained.bundle]).code == 1)
        let result = try Program.run(["serve", "--port", "0", trained.bundle])
        #expect(
            result.code == 2 && result.out.isEmpty && result.error.contains("extra: is not signed"), "\(result.error)")
        #expect(result.error.split(separator: "\n").count == 1)
        let key = try Program.run(["serve", "--port", "0", trained.run, "--public-key", "key.pem"])
        #expect(key.code == 2 && key.error.contains("--public-key"), "\(key.error)")
    }

    @Test func aTakenPortIsOneLineAndCode2() throws {
        let trained = try TrainedRun()
        _ = try serve([trained.run]) { url in
            let result = try Program.run(["serve", trained.run, "--port", "\(url.port ?? 0)"])
            #expect(result.code == 2 && result.out.isEmpty && result.error.contains("the port is in use"))
            #expect(result.error.split(separator: "\n").count == 1, "\(result.error)")
        }
    }

    @Test(arguments: [
        (["--host", "0.0.0.0"], 64), (["--host", "example.org"], 64), (["--port", "70000"], 64),
        (["--port", "-1"], 64), (["--max-bytes", "0"], 64), (["--model", "b"], 64), ([], 2),
    ]) func badOptionsAreRefused(options: [String], code: Int) throws {
        let result = try Program.run(["serve", "/nonexistent/model"] + options)
        #expect(Int(result.code) == code && result.out.isEmpty && !result.error.isEmpty, "\(result.error)")
    }
}
