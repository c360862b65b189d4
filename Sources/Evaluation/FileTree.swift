import Foundation

/// The files below a folder, by the bytes that the system gives.
public enum FileTree {
    /// Relative paths of all regular files below `folder`, sorted by their bytes. Hidden names are left out; symbolic
    /// links are followed to files only, and only where they stay inside the folder.
    /// - Throws: `InputError` for a missing folder or a name that is not UTF-8.
    public static func files(under folder: String) throws -> [String] {
        guard
            let root = realpath(folder, nil).map({ pointer in
                defer { free(pointer) }
                return String(cString: pointer)
            })
        else { throw InputError("cannot list the folder", at: folder, expected: "a folder", got: FileBytes.reason()) }
        var found: [String] = []
        try walk(folder, "", root, &found)
        return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private static func walk(_ folder: String, _ prefix: String, _ root: String, _ found: inout [String]) throws {
        guard let handle = opendir(folder) else {
            throw InputError(
                "cannot list the folder", at: folder, expected: "a readable folder", got: FileBytes.reason())
        }
        defer { closedir(handle) }
        while let entry = readdir(handle) {
            let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            guard bytes.first != UInt8(ascii: ".") else { continue }
            guard let name = String(validating: bytes, as: UTF8.self) else {
                throw InputError(
                    "a file name is not UTF-8", at: folder, expected: "names in UTF-8",
                    got: "'\(String(decoding: bytes, as: UTF8.self))'")
            }
            let path = folder + "/" + name
            var status = stat()
            guard lstat(path, &status) == 0 else { continue }
            switch status.st_mode & S_IFMT {
            case S_IFDIR: try walk(path, prefix + name + "/", root, &found)
            case S_IFREG: found.append(prefix + name)
            case S_IFLNK:
                if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, isInside(path, root) {
                    found.append(prefix + name)
                }
            default: break
            }
        }
    }

    /// Whether `path`, with every link resolved, lies below `root`.
    public static func isInside(_ path: String, _ root: String) -> Bool {
        guard let real = realpath(path, nil), let realRoot = realpath(root, nil) else { return false }
        defer {
            free(real)
            free(realRoot)
        }
        let base = String(cString: realRoot)
        return String(cString: real).hasPrefix(base == "/" ? "/" : base + "/")
    }
}
