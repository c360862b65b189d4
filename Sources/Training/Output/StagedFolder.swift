import Evaluation
import Foundation

/// A folder of outputs that appears whole or not at all.
public enum StagedFolder {
    /// Builds a hidden sibling of `path` with `body`, adds the manifest where `body` wrote none, and renames it into place.
    /// What stands there already must be an empty folder or an earlier output of the same kind; it is replaced.
    ///
    /// - Parameter keepsStrangers: for the folder of work that goes on: files in it that it did not write are moved over.
    /// - Throws: `InputError` if the place is taken or cannot be written, and whatever `body` throws; then nothing is left.
    public static func write(
        to path: String, kind: OutputKind, keepsStrangers: Bool = false, _ body: (String) throws -> Void
    ) throws {
        let manager = FileManager.default
        removeStale(beside: path, kind: kind)
        if !keepsStrangers { try OutputPlace.check(path, for: kind) }
        let target = try OutputPlace.resolve(path)
        let url = URL(fileURLWithPath: target)
        let token = token()
        let parent = url.deletingLastPathComponent()
        func beside(_ suffix: String) -> String {
            parent.appendingPathComponent(sibling(of: url.lastPathComponent, token: token, suffix)).path
        }
        let staging = beside("part")
        let made = missingFolders(parent)
        UnfinishedFolders.add(staging, in: made)
        do {
            try manager.createDirectory(atPath: staging, withIntermediateDirectories: true)
        } catch {
            UnfinishedFolders.remove(staging)
            throw InputError("cannot write the folder", at: path, expected: "a writable place", got: FileBytes.reason())
        }
        do {
            try body(staging)
            let manifest = "\(staging)/\(OutputManifest.file)"
            if FileTree.kind(of: manifest) == nil {
                try FileBytes.write(JSON.text(OutputManifest(kind: kind, of: staging)) + "\n", to: manifest)
            }
            try UnfinishedFolders.finish(staging) {
                guard FileTree.kind(of: target) != nil else {
                    guard rename(staging, target) == 0 else { throw failure(path) }
                    return
                }
                // What came in the meantime is not lost either.
                let strangers = keepsStrangers ? try OutputManifest.strangers(in: target, as: kind) : []
                if !keepsStrangers { try OutputPlace.check(path, for: kind) }
                let old = beside("old")
                guard rename(target, old) == 0 else { throw failure(path) }
                guard rename(staging, target) == 0 else {
                    let error = failure(path)
                    rename(old, target)
                    throw error
                }
                for stranger in strangers where FileTree.kind(of: "\(target)/\(stranger)", followsLinks: false) == nil {
                    let place = URL(fileURLWithPath: "\(target)/\(stranger)")
                    try manager.createDirectory(
                        at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
                    guard rename("\(old)/\(stranger)", place.path) == 0 else { throw failure("\(old)/\(stranger)") }
                }
                try? discard(old)
            }
        } catch {
            UnfinishedFolders.remove(staging)
            try? manager.removeItem(atPath: staging)
            for folder in made { rmdir(folder) }
            throw error
        }
    }

    /// The folders that must be made for `folder` to be there, deepest first.
    private static func missingFolders(_ folder: URL) -> [String] {
        var missing: [String] = []
        var folder = folder
        while FileTree.kind(of: folder.path) == nil, folder.path != "/" {
            missing.append(folder.path)
            folder.deleteLastPathComponent()
        }
        return missing
    }

    private static func failure(_ path: String) -> InputError {
        InputError("cannot put the folder into place", at: path, got: FileBytes.reason())
    }
}
