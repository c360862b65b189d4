import Foundation

/// The memory limits of the control groups that this process is in: its own and those around it, in both of Linux's versions
/// (Linux's `cgroup-v2.rst` and `cgroup-v1/memory.rst`).
package struct ControlGroups {
    /// Where control groups are mounted.
    private let mount: String
    /// `/proc/self/cgroup`: lines of `number:controllers:path`.
    private let membership: String

    package init(mount: String = "/sys/fs/cgroup", membership: String? = KernelFile.text("/proc/self/cgroup")) {
        self.mount = mount
        self.membership = membership ?? ""
    }

    /// Names of the files of a version.
    private struct Version {
        var folder: String
        var limits: [String]
        var used: String
        var inactive: String

        static let one = Version(
            folder: "/memory", limits: ["memory.limit_in_bytes"], used: "memory.usage_in_bytes",
            inactive: "total_inactive_file")
        static let two = Version(
            folder: "", limits: ["memory.max", "memory.high"], used: "memory.current", inactive: "inactive_file")
    }

    /// Bytes that can be taken before the first of these limits is met; nil where there is none.
    package func free() -> Int? {
        var found: [Int] = []
        for line in membership.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            if parts[1].isEmpty { found += free(.two, String(parts[2])) }
            if parts[1].split(separator: ",").contains("memory") { found += free(.one, String(parts[2])) }
        }
        return found.min()
    }

    /// What each limit on the way from a group to the mount's own leaves. In a container the path is often that of the
    /// machine outside, of which only the last folder, the mount's own, is to be seen.
    private func free(_ version: Version, _ group: String) -> [Int] {
        var folders = [mount + version.folder]
        for part in group.split(separator: "/") where part != ".." {
            folders.append(folders[folders.count - 1] + "/" + part)
        }
        return folders.flatMap { folder -> [Int] in
            guard let used = KernelFile.number("\(folder)/\(version.used)") else { return [] }
            // Pages of files that nobody has read again are given back before the limit is met.
            let inactive = KernelFile.fields("\(folder)/memory.stat")[version.inactive] ?? 0
            let limits = version.limits.compactMap { KernelFile.number("\(folder)/\($0)") }
            // Version one says "no limit" by the largest number of whole pages.
            return limits.filter { $0 < Int.max / 2 }.map { max(0, $0 - used + min(used, inactive)) }
        }
    }
}
