import Foundation
import Testing

@Suite struct TerminalTests {
    /// A command line for the shell, with the program as `$0`.
    private func shell(_ line: String) throws -> (code: Int32, error: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", line, try #require(Program.path)]
        let error = Pipe()
        process.standardError = error
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }

    @Test(arguments: ["inspect --arch resnet10s --labels 2", "--help", "gate --help", "--version"])
    func whatCannotBeWrittenIsSaid(_ command: String) throws {
        let full = try shell("exec \"$0\" \(command) > /dev/full")
        #expect(full.code == 2 && full.error == "error: stdout: cannot write the result; got No space left on device\n")
        let closed = try shell("exec \"$0\" \(command) >&-")
        #expect(closed.code == 2 && closed.error == "error: stdout: cannot write the result; got Bad file descriptor\n")
    }

    /// Libraries whose threads such a limit keeps from starting would wait for them at the end.
    @Test(arguments: ["--version", "predict --model \"$0\" \"$0\"", "train"])
    func aSmallLimitOfMemoryKeepsNothingWaiting(_ command: String) throws {
        let code = try shell("ulimit -d 102400; timeout 30 \"$0\" \(command)").code
        #expect(code == (command == "--version" ? 0 : command == "train" ? 64 : 2))
    }

    /// Without a stdout of its own the program must not write its result into a file it has open.
    @Test func aClosedStreamIsNoFile() throws {
        let out = FileManager.default.temporaryDirectory.appendingPathComponent("report-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: out) }
        let goldens = Program.root + "/Goldens/notebook/second-try-top-losses"
        let result = try shell(
            "exec \"$0\" evaluate --labels \(goldens).labels.csv --predictions \(goldens).predictions.csv --out \(out) >&-"
        )
        #expect(result.code == 2 && result.error.contains("Bad file descriptor"))
    }

    @Test func colourIsForPeopleWhoWantIt() throws {
        let plain = try shell("env -u NO_COLOR -u FORCE_COLOR \"$0\" verify /nonexistent")
        let forced = try shell("env -u NO_COLOR FORCE_COLOR=1 \"$0\" verify /nonexistent")
        let refused = try shell("env NO_COLOR=1 FORCE_COLOR=1 \"$0\" verify /nonexistent")
        #expect(forced.error.hasPrefix("\u{1B}[31merror:") && plain.error.hasPrefix("error:"))
        #expect(refused.error == plain.error)
    }
}
