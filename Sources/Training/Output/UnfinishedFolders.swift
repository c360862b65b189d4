import Evaluation
import Foundation
import Synchronization

/// The folders that this process is making beside their places, so that whoever ends it can take them away.
public enum UnfinishedFolders {
    /// Each with the folders that were made to hold it, deepest first.
    private static let folders = Mutex<[String: [String]]>([:])

    static func add(_ folder: String, in made: [String]) { folders.withLock { $0[folder] = made } }

    static func remove(_ folder: String) { folders.withLock { $0[folder] = nil } }

    /// Runs `body`, which puts a folder into its place and must not be cut short: `end` waits for it.
    static func finish(_ folder: String, _ body: () throws -> Void) throws {
        try folders.withLock { folders in
            folders[folder] = nil
            try body()
        }
    }

    /// Takes all of them away and ends the process with `body`; none is put into its place any more.
    public static func end(_ body: () -> Never) -> Never {
        folders.withLock { folders in
            for (folder, made) in folders {
                // Another thread may still write into it.
                for _ in 0..<100 where FileTree.kind(of: folder, followsLinks: false) != nil {
                    try? FileManager.default.removeItem(atPath: folder)
                }
                for parent in made { rmdir(parent) }
            }
            body()
        }
    }
}
