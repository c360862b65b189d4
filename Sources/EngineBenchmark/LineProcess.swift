import Foundation

/// A child that answers each line with one line, and burns no core in between: it is stopped until it is asked again.
///
/// An idle thread pool spins for a while after its last work (ONNX Runtime's and OpenMP's do), and would take the cores
/// of whoever runs next.
final class LineProcess {
    private let name: String
    private let process = Process()
    private let requests = Pipe()
    private let replies = Pipe()
    private var received = Data()

    /// Its first line: what it is, once it has loaded what it needs.
    private(set) var greeting = ""

    init(_ name: String, _ program: String, _ arguments: [String], environment: [String: String]) throws {
        self.name = name
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment, uniquingKeysWith: { $1 })
        process.standardInput = requests
        process.standardOutput = replies
        do { try process.run() } catch {
            throw BenchmarkError("cannot start \(program): \(error.localizedDescription)")
        }
        greeting = try line()
        kill(process.processIdentifier, SIGSTOP)
    }

    /// A stopped process can be killed. Were we killed first, the kernel would hang up on it: its group is orphaned.
    deinit {
        guard process.isRunning else { return }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Wakes it, asks, waits for the answer, and stops it again.
    func ask(_ request: String) throws -> String {
        kill(process.processIdentifier, SIGCONT)
        defer { kill(process.processIdentifier, SIGSTOP) }
        try requests.fileHandleForWriting.write(contentsOf: Data("\(request)\n".utf8))
        return try line()
    }

    /// Milliseconds that `iterations` took.
    func run(_ iterations: Int) throws -> Double {
        let reply = try ask("run \(iterations)")
        guard let milliseconds = Double(reply), milliseconds > 0 else {
            throw BenchmarkError("\(name): expected milliseconds, got '\(reply)'")
        }
        return milliseconds
    }

    /// A figure of its memory in MiB: `VmRSS`, resident now, or `VmHWM`, the most there ever was.
    func memory(_ field: String) throws -> Double { try Machine.memory(field, of: process.processIdentifier) }

    /// The first line not yet taken.
    private func line() throws -> String {
        while true {
            if let end = received.firstIndex(of: UInt8(ascii: "\n")) {
                defer { received = Data(received[(end + 1)...]) }
                return String(decoding: received[..<end], as: UTF8.self)
            }
            let bytes = replies.fileHandleForReading.availableData
            guard !bytes.isEmpty else {
                throw BenchmarkError("\(name) ended before it answered; see its message above")
            }
            received += bytes
        }
    }
}
