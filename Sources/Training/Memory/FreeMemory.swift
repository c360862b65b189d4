import Evaluation
import Foundation

/// What memory is left for a plan.
public enum FreeMemory {
    /// Bytes of the program itself, its first threads and its small change, as measured.
    static let program = 64 << 20

    /// Bytes that can be taken without swapping: the least of the system's estimate and what control groups and the
    /// process's own limits leave; nil where none can be read.
    public static func bytes() -> Int? {
        [system(), ControlGroups().free(), ProcessLimits.free()].compactMap { $0 }.min()
    }

    private static func system() -> Int? {
        KernelFile.fields("/proc/meminfo")["MemAvailable:"].map { $0 * 1024 }
    }

    /// - Throws: `InputError` with both numbers if `needed` bytes are not free.
    public static func check(
        _ needed: Int, for what: String, at location: String? = nil, free: Int? = bytes()
    ) throws {
        guard let free, needed > free else { return }
        throw InputError(
            "not enough memory for \(what)", at: location, expected: "\(mebibytes(needed)) MiB free",
            got: "\(mebibytes(free)) MiB")
    }

    /// The bytes of a file of weights, which are there three times while they become a network's.
    /// - Throws: `InputError` with both numbers if that is not free, or if the file cannot be read.
    public static func readWeights(_ path: String, free: Int? = bytes()) throws -> [UInt8] {
        var status = stat()
        if stat(path, &status) == 0 {
            let (needed, isTooMuch) = Int(status.st_size).multipliedReportingOverflow(by: 3)
            try check(isTooMuch ? .max : needed, for: "the weights", at: path, free: free)
        }
        return try FileBytes.read(path)
    }

    /// Rounded up.
    public static func mebibytes(_ bytes: Int) -> Int { bytes >> 20 + (bytes & 0xF_FFFF > 0 ? 1 : 0) }
}
