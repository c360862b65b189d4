import Evaluation
import Foundation

/// What memory is left for a plan.
public enum FreeMemory {
    /// Bytes that can be taken without swapping: the least of the system's estimate and what control groups and the
    /// process's own limits leave; nil where none can be read.
    public static func bytes() -> Int? {
        [system(), ControlGroups().free(), ProcessLimits.free()].compactMap { $0 }.min()
    }

    private static func system() -> Int? {
        KernelFile.fields("/proc/meminfo")["MemAvailable:"].map { $0 * 1024 }
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
