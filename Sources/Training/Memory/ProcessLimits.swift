import Foundation

/// What the process's own limits (`ulimit -v`, `ulimit -d`) leave.
package enum ProcessLimits {
    /// What threads map without using much of it: a stack and an allocator's first region each.
    private static let perThread = 72 << 20

    /// Bytes that can be mapped before the first of these limits is met; nil where there is none.
    /// - Parameters:
    ///   - limits: `/proc/self/limits`.
    ///   - status: `/proc/self/status`, or a file like it.
    ///   - threads: those that are still to come.
    package static func free(
        limits: String? = KernelFile.text("/proc/self/limits"), status: String = "/proc/self/status",
        threads: Int = 2 * ProcessInfo.processInfo.activeProcessorCount
    ) -> Int? {
        let used = KernelFile.fields(status)
        let kinds = [("Max address space", "VmSize:"), ("Max data size", "VmData:")]
        let free = kinds.compactMap { name, field -> Int? in
            guard let line = limits?.split(separator: "\n").first(where: { $0.hasPrefix(name) }),
                let limit = line.dropFirst(name.count).split(separator: " ").first.flatMap({ Int($0) }),
                let kibibytes = used[field]
            else { return nil }
            return max(0, limit - 1024 * kibibytes - threads * perThread)
        }
        return free.min()
    }
}
