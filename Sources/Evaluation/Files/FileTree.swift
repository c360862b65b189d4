import Foundation

/// The files below a folder, by the bytes that the system gives.
public enum FileTree {
    public enum Kind: Sendable, Equatable { case file, link, folder, other }

    public struct Entry: Sendable, Equatable {
        /// Relative to the folder that was searched.
        public let path: String
        public let kind: Kind
    }

    /// Everything below `folder`, hidden names too, sorted by bytes; links are listed and never followed. Folders are
    /// searched and not listed, but for those that `enters` refuses, which are listed and not searched.
    /// - Throws: `InputError` for a missing or unreadable folder, or a name that is not UTF-8.
    public static func entries(under folder: String, enters: (String) -> Bool = { _ in true }) throws -> [Entry] {
        var found: [Entry] = []
        try walk(folder, "", enters, &found)
        return found.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }

    private static func walk(
        _ folder: String, _ prefix: String, _ enters: (String) -> Bool, _ found: inout [Entry]
    ) throws {
        guard let handle = opendir(folder) else {
            throw InputError(
                "cannot list the folder", at: folder, expected: "a readable folder", got: FileBytes.reason())
        }
        defer { closedir(handle) }
        while let entry = readdir(handle) {
            let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            guard bytes != Array(".".utf8), bytes != Array("..".utf8) else { continue }
            guard let name = String(validating: bytes, as: UTF8.self) else {
                throw InputError(
                    "a file name is not UTF-8", at: folder, expected: "names in UTF-8",
                    got: "'\(String(decoding: bytes, as: UTF8.self))'")
            }
            let kind = kind(of: folder + "/" + name, followsLinks: false)
            if kind == .folder, enters(prefix + name) {
                try walk(folder + "/" + name, prefix + name + "/", enters, &found)
            } else {
                found.append(Entry(path: prefix + name, kind: kind ?? .other))
            }
        }
    }

    /// What stands at `path`; nil for nothing.
    public static func kind(of path: String, followsLinks: Bool = true) -> Kind? {
        var status = stat()
        guard (followsLinks ? stat(path, &status) : lstat(path, &status)) == 0 else { return nil }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFLNK: return .link
        case S_IFDIR: return .folder
        default: return .other
        }
    }

    /// `path` with every link resolved; nil where nothing stands.
    public static func real(_ path: String) -> String? {
        guard let pointer = realpath(path, nil) else { return nil }
        defer { free(pointer) }
        return String(cString: pointer)
    }

    /// Whether `path`, with every link resolved, lies below `root`.
    public static func isInside(_ path: String, _ root: String) -> Bool {
        guard let path = real(path), let root = real(root) else { return false }
        return path.hasPrefix(root == "/" ? "/" : root + "/")
    }
}
