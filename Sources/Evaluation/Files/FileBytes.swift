import Foundation

/// Whole files in, whole files out.
public enum FileBytes {
    /// The bytes of a regular file.
    /// - Throws: `InputError` for what is missing, a folder, or not readable.
    public static func read(_ path: String) throws -> [UInt8] {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw InputError("cannot read the file", at: path, expected: "a readable file", got: reason())
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw InputError("cannot read the file", at: path, expected: "a regular file", got: "something else")
        }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw InputError("cannot read the file", at: path, expected: "a readable file", got: reason())
        }
        return [UInt8](data)
    }

    /// Writes beside `path`, flushes to the disk, then renames: a reader sees the old file or the new, never a part.
    /// - Throws: `InputError`; then nothing is left behind.
    public static func write(_ bytes: [UInt8], to path: String) throws {
        let url = URL(fileURLWithPath: path)
        let beside = url.deletingLastPathComponent().appendingPathComponent(
            ".\(url.lastPathComponent).\(getpid())-\(UInt32.random(in: 0 ... .max)).part"
        ).path
        func fail() -> InputError { InputError("cannot write the file", at: path, got: reason()) }
        let descriptor = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw fail() }
        do {
            var written = 0
            while written < bytes.count {
                let count = bytes.withUnsafeBytes { buffer in
                    Foundation.write(descriptor, buffer.baseAddress.map { $0 + written }, buffer.count - written)
                }
                guard count > 0 else { throw fail() }
                written += count
            }
            guard fsync(descriptor) == 0 else { throw fail() }
        } catch {
            close(descriptor)
            unlink(beside)
            throw error
        }
        guard close(descriptor) == 0, rename(beside, path) == 0 else {
            let failure = fail()
            unlink(beside)
            throw failure
        }
    }

    public static func write(_ text: String, to path: String) throws { try write(Array(text.utf8), to: path) }

    /// The last system error in words.
    public static func reason() -> String { String(cString: strerror(errno)) }
}
