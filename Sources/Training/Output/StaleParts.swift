import Evaluation
import Foundation

extension StagedFolder {
    /// What an output's folder is called while it is made (`part`), and what stood in its place while the two are
    /// exchanged (`old`): `.NAME.PID-NUMBER.SUFFIX`, beside it.
    static func sibling(of name: String, token: String, _ suffix: String) -> String { ".\(name).\(token).\(suffix)" }

    /// The process's own part of such a name.
    static func token() -> String { "\(getpid())-\(UInt32.random(in: 0 ... .max))" }

    /// Takes away what a command that was killed while it wrote this folder has left beside it. A folder that was moved
    /// aside, and whose follower never came, is put back. What belongs to a process that still runs is left alone, and so
    /// is a folder that holds files of others.
    public static func removeStale(beside path: String, kind: OutputKind) {
        let manager = FileManager.default
        guard let target = try? OutputPlace.resolve(path) else { return }
        let url = URL(fileURLWithPath: target)
        let parent = url.deletingLastPathComponent().path
        for name in (try? manager.contentsOfDirectory(atPath: parent))?.sorted() ?? [] {
            guard let suffix = staleSuffix(of: name, beside: url.lastPathComponent) else { continue }
            let left = "\(parent)/\(name)"
            guard FileTree.kind(of: left, followsLinks: false) == .folder else { continue }
            if suffix == "part" {
                try? manager.removeItem(atPath: left)
            } else if FileTree.kind(of: target, followsLinks: false) == nil {
                rename(left, target)
            } else if (try? OutputManifest.strangers(in: left, as: kind))?.isEmpty == true {
                try? discard(left)
            }
        }
    }

    /// Deletes a folder that was moved aside (`old`), as a `part`: a deletion that is cut short must leave nothing that
    /// would be put back, or taken for a stranger's once its manifest is gone.
    package static func discard(
        _ old: String, remove: (String) throws -> Void = FileManager.default.removeItem(atPath:)
    ) throws {
        let part = String(old.dropLast(3)) + "part"
        guard rename(old, part) == 0 else { return }
        try remove(part)
    }

    /// The suffix of a name that `sibling` made in a process of this machine that is gone; nil of any other.
    private static func staleSuffix(of name: String, beside folder: String) -> String? {
        guard name.hasPrefix(".\(folder).") else { return nil }
        let parts = name.dropFirst(folder.count + 2).split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, ["part", "old"].contains(parts[1]) else { return nil }
        let numbers = parts[0].split(separator: "-", omittingEmptySubsequences: false)
        guard numbers.count == 2, numbers.allSatisfy({ !$0.isEmpty && $0.allSatisfy(\.isNumber) }),
            let process = pid_t(numbers[0]), process > 0, kill(process, 0) != 0, errno == ESRCH
        else { return nil }
        return String(parts[1])
    }
}
