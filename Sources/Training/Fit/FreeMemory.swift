import Evaluation
import Foundation

/// What memory is left for a plan.
public enum FreeMemory {
    /// Bytes that can be taken without swapping: the system's estimate, or what the control group leaves if that is
    /// less; nil where neither can be read.
    public static func bytes() -> Int? {
        [system(), controlGroup()].compactMap { $0 }.min()
    }

    private static func system() -> Int? {
        guard let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix("MemAvailable:") })
        else { return nil }
        return line.split(separator: " ").compactMap { Int($0) }.first.map { $0 * 1024 }
    }

    private static func controlGroup() -> Int? {
        func number(_ name: String) -> Int? {
            (try? String(contentsOfFile: "/sys/fs/cgroup/" + name, encoding: .utf8))
                .flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
        }
        guard let limit = number("memory.max"), let used = number("memory.current") else { return nil }
        return max(0, limit - used)
    }

    /// - Throws: `InputError` with both numbers if `needed` bytes are not free.
    public static func check(_ needed: Int, for what: String, free: Int? = bytes()) throws {
        guard let free, needed > free else { return }
        throw InputError(
            "not enough memory for \(what)", expected: "\(mebibytes(needed)) MiB free", got: "\(mebibytes(free)) MiB")
    }

    /// Rounded up.
    public static func mebibytes(_ bytes: Int) -> Int { (bytes + (1 << 20) - 1) >> 20 }
}
