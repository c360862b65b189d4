import Foundation
import Testing

/// The built program, run as a person runs it.
enum Program {
    struct Result {
        let code: Int32
        let out: String
        let error: String
    }

    static func run(_ arguments: [String]) throws -> Result {
        let process = try make(arguments)
        let (out, error) = (Pipe(), Pipe())
        process.standardOutput = out
        process.standardError = error
        try process.run()
        let outText = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let errorText = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationReason == .exit)
        return Result(code: process.terminationStatus, out: outText, error: errorText)
    }

    /// Runs silently and sends a signal after some seconds, if it still runs then. Nil if the signal ended it.
    static func run(_ arguments: [String], signal: Int32, after seconds: Double) throws -> Int32? {
        let process = try make(arguments)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        let end = Date().addingTimeInterval(seconds)
        while process.isRunning, Date() < end { usleep(2000) }
        if process.isRunning { kill(process.processIdentifier, signal) }
        process.waitUntilExit()
        return process.terminationReason == .exit ? process.terminationStatus : nil
    }

    private static func make(_ arguments: [String]) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(path))
        process.arguments = arguments
        return process
    }

    /// Beside the test bundle, in the build folder.
    static let path: String? = {
        let folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
            .deletingLastPathComponent()
        let here = folder.appendingPathComponent("assay")
        if FileManager.default.isExecutableFile(atPath: here.path) { return here.path }
        return ["release", "debug"].map { "\(root)/.build/\($0)/assay" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path
}
