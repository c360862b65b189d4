import Foundation
import Testing

/// The built program, run as a person runs it.
enum Program {
    struct Result {
        let code: Int32
        let out: String
        let error: String
    }

    /// - Parameter program: another than the built one.
    static func run(_ arguments: [String], program: String? = nil) throws -> Result {
        let process = try make(arguments, program)
        // A pipe for both would be read one after the other, and a full one stops the program.
        let errors = FileManager.default.temporaryDirectory.appendingPathComponent("stderr-\(UUID())")
        _ = FileManager.default.createFile(atPath: errors.path, contents: nil)
        defer { try? FileManager.default.removeItem(at: errors) }
        let out = Pipe()
        process.standardOutput = out
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        let outText = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationReason == .exit)
        let errorText = String(decoding: try Data(contentsOf: errors), as: UTF8.self)
        return Result(code: process.terminationStatus, out: outText, error: errorText)
    }

    /// Runs silently and sends a signal some seconds after `moment` has come, if it still runs then. Nil if the signal
    /// ended it.
    static func run(
        _ arguments: [String], signal: Int32, after seconds: Double, of moment: () -> Bool = { true }
    ) throws -> Int32? {
        let process = try make(arguments)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        while process.isRunning, !moment() { usleep(500) }
        let end = Date().addingTimeInterval(seconds)
        while process.isRunning, Date() < end { usleep(2000) }
        if process.isRunning { kill(process.processIdentifier, signal) }
        process.waitUntilExit()
        return process.terminationReason == .exit ? process.terminationStatus : nil
    }

    private static func make(_ arguments: [String], _ program: String? = nil) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try program ?? #require(path))
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
