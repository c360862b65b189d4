import Foundation

/// What /proc says about this machine and its processes.
enum Machine {
    /// `AMD EPYC, 2 cores`.
    static var name: String {
        let info = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        return "\(field("model name", in: info) ?? "unknown CPU"), \(ProcessInfo.processInfo.processorCount) cores"
    }

    /// Processes that wanted a core during the last minute, ours not yet being among them.
    static var load: Double? {
        let text = try? String(contentsOfFile: "/proc/loadavg", encoding: .utf8)
        return text?.split(separator: " ").first.flatMap { Double($0) }
    }

    /// The value of a line `key : value`.
    static func field(_ key: String, in text: String) -> String? {
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].trimmingCharacters(in: .whitespaces) == key else { continue }
            return parts[1].trimmingCharacters(in: .whitespaces)
        }
        return nil
    }

    /// A figure of /proc/<pid>/status in MiB: `VmRSS`, resident now, or `VmHWM`, the most there ever was.
    static func memory(_ key: String, of process: Int32) throws -> Double {
        let path = "/proc/\(process)/status"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        guard let kibibytes = field(key, in: text)?.split(separator: " ").first.flatMap({ Double($0) }) else {
            throw BenchmarkError("\(path): expected a line '\(key): … kB'")
        }
        return kibibytes / 1024
    }
}
