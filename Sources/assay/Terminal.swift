import Evaluation
import Foundation

/// What the program says: results on stdout, everything else on stderr.
enum Terminal {
    /// Results. A full disk or a closed pipe is an error, not silence.
    static func print(_ line: String) throws {
        try write(line + "\n", to: STDOUT_FILENO)
    }

    /// Progress and remarks.
    static func note(_ line: String) { try? write(line + "\n", to: STDERR_FILENO) }

    /// A line that is drawn over.
    static func draw(_ text: String) { try? write("\r\u{1B}[K" + text, to: STDERR_FILENO) }

    static func error(_ description: String) {
        let label = isColored(STDERR_FILENO) ? "\u{1B}[31merror:\u{1B}[0m" : "error:"
        note("\(label) \(description.singleLine)")
    }

    /// Ends the process without what libraries do at its end: OpenBLAS would wait for ever for threads that a limit of
    /// memory has kept from starting.
    static func leave(_ code: Int32) -> Never {
        fflush(nil)
        _exit(code)
    }

    static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// Whether lines can be redrawn.
    static var showsBars: Bool {
        isTerminal(STDERR_FILENO) && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    }

    /// Takes the places of streams that the caller closed, so that no file comes by their number and is written into.
    static func reserveStreams() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
            // The lowest free number is this one; it is not open for writing, so that results still fail.
            _ = open("/dev/null", O_RDONLY)
        }
    }

    /// `NO_COLOR`, then `FORCE_COLOR`, then whether a person is reading.
    static func isColored(_ descriptor: Int32) -> Bool {
        let environment = ProcessInfo.processInfo.environment
        if environment["NO_COLOR"].map({ !$0.isEmpty }) == true { return false }
        if environment["FORCE_COLOR"].map({ !$0.isEmpty }) == true { return true }
        return isTerminal(descriptor) && environment["TERM"] != "dumb"
    }

    private static func write(_ text: String, to descriptor: Int32) throws {
        let bytes = Array(text.utf8)
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                Foundation.write(descriptor, $0.baseAddress.map { $0 + written }, $0.count - written)
            }
            guard count > 0 else {
                throw InputError("cannot write the result", at: "stdout", got: String(cString: strerror(errno)))
            }
            written += count
        }
    }
}

/// A bar on a terminal, redrawn at most every tenth of a second; elsewhere a plain line each tenth of the way.
final class Progress {
    private let title: String
    private let total: Int
    private let isTerminal = Terminal.showsBars
    private var lastDrawn = Date.distantPast
    private var lastTenth = 0

    init(_ title: String, total: Int) {
        self.title = title
        self.total = max(1, total)
    }

    func update(_ done: Int, _ detail: String = "") {
        let share = Double(done) / Double(total)
        if isTerminal {
            guard done >= total || Date().timeIntervalSince(lastDrawn) > 0.1 else { return }
            lastDrawn = Date()
            let filled = Int(share * 30)
            let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 30 - filled)
            Terminal.draw("\(title) \(bar) \(done)/\(total) \(detail)")
        } else if Int(share * 10) > lastTenth {
            lastTenth = Int(share * 10)
            Terminal.note("\(title) \(lastTenth * 10)% \(detail)")
        }
    }

    /// Takes the bar away.
    func clear() {
        if isTerminal { Terminal.draw("") }
    }
}
