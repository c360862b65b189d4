import Foundation

/// A folder of outputs that appears whole or not at all.
public enum StagedFolder {
    /// Builds a hidden sibling of `path` with `body` and renames it into place. What stands there already must be an
    /// empty folder or an earlier output, told by its file `marker`; it is replaced.
    /// - Throws: `InputError` if the place is taken or cannot be written, and whatever `body` throws; then nothing is left.
    public static func write(to path: String, marker: String, _ body: (String) throws -> Void) throws {
        let manager = FileManager.default
        let url = URL(fileURLWithPath: path).standardizedFileURL
        let target = url.path
        try requireFree(target, marker: marker)
        let token = "\(getpid())-\(UInt32.random(in: 0 ... .max))"
        let parent = url.deletingLastPathComponent()
        let staging = parent.appendingPathComponent(".\(url.lastPathComponent).\(token).part").path
        do {
            try manager.createDirectory(atPath: staging, withIntermediateDirectories: true)
        } catch {
            throw InputError("cannot write the folder", at: path, expected: "a writable place", got: FileBytes.reason())
        }
        do {
            try body(staging)
            guard manager.fileExists(atPath: target) else {
                guard rename(staging, target) == 0 else { throw failure(path) }
                return
            }
            let old = parent.appendingPathComponent(".\(url.lastPathComponent).\(token).old").path
            guard rename(target, old) == 0 else { throw failure(path) }
            guard rename(staging, target) == 0 else {
                let error = failure(path)
                rename(old, target)
                throw error
            }
            try? manager.removeItem(atPath: old)
        } catch {
            try? manager.removeItem(atPath: staging)
            throw error
        }
    }

    /// Refuses a place that holds something this program did not write; call it before long work.
    public static func requireFree(_ path: String, marker: String) throws {
        let manager = FileManager.default
        var isFolder: ObjCBool = false
        guard manager.fileExists(atPath: path, isDirectory: &isFolder) else {
            // The nearest folder that exists must let a new one be made in it.
            var parent = URL(fileURLWithPath: path).standardizedFileURL.deletingLastPathComponent()
            while !manager.fileExists(atPath: parent.path), parent.path != "/" { parent.deleteLastPathComponent() }
            guard access(parent.path, W_OK | X_OK) == 0 else {
                throw InputError(
                    "the output cannot be written", at: path, expected: "a writable place", got: FileBytes.reason())
            }
            return
        }
        guard isFolder.boolValue else {
            throw InputError("the output's place is taken", at: path, expected: "a new folder", got: "a file")
        }
        let contents = (try? manager.contentsOfDirectory(atPath: path)) ?? []
        guard contents.isEmpty || contents.contains(marker) else {
            throw InputError(
                "the output's place is taken", at: path,
                expected: "a new or empty folder, or one with \(marker) to replace",
                got: "a folder of other files")
        }
    }

    private static func failure(_ path: String) -> InputError {
        InputError("cannot put the folder into place", at: path, got: FileBytes.reason())
    }
}
