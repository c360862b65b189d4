import Foundation

/// Whole files in, whole files out.
public enum FileBytes {
    /// The bytes of a regular file.
    /// - Throws: `InputError` for what is missing, a folder, or not readable.
    public static func read(_ path: String) throws -> [UInt8] {
        try open(path) { descriptor, size in
            var failure: String?
            let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
                while count < buffer.count {
                    let read = Foundation.read(descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count)
                    if read < 0 { failure = reason() }
                    guard read > 0 else { return }
                    count += read
                }
            }
            guard let failure else { return bytes }
            throw unreadable(path, failure)
        }
    }

    /// Calls `body` with the file's bytes, a piece at a time.
    /// - Throws: `InputError`, as `read`.
    public static func forEachPiece(of path: String, _ body: (UnsafeRawBufferPointer) -> Void) throws {
        try open(path) { descriptor, _ in
            try withUnsafeTemporaryAllocation(byteCount: 1 << 18, alignment: 16) { buffer in
                while true {
                    let count = Foundation.read(descriptor, buffer.baseAddress, buffer.count)
                    guard count >= 0 else { throw unreadable(path, reason()) }
                    guard count > 0 else { return }
                    body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                }
            }
        }
    }

    /// Opens a regular file to read: its descriptor and how many bytes it has.
    private static func open<Result>(_ path: String, _ body: (Int32, Int) throws -> Result) throws -> Result {
        // A pipe nobody writes to would wait for ever.
        let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw unreadable(path, reason()) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw InputError("cannot read the file", at: path, expected: "a regular file", got: "something else")
        }
        return try body(descriptor, Int(status.st_size))
    }

    private static func unreadable(_ path: String, _ reason: String) -> InputError {
        InputError("cannot read the file", at: path, expected: "a readable file", got: reason)
    }

    /// Writes beside `path`, flushes to the disk, then renames: a reader sees the old file or the new, never a part.
    /// - Throws: `InputError`; then nothing is left behind.
    public static func write(_ bytes: [UInt8], to path: String) throws {
        try write(to: path) { try $0.write(bytes) }
    }

    /// The same for what is made piece by piece.
    public static func write(to path: String, _ body: (inout ByteSink) throws -> Void) throws {
        let url = URL(fileURLWithPath: path)
        let beside = url.deletingLastPathComponent().appendingPathComponent(
            ".\(url.lastPathComponent).\(getpid())-\(UInt32.random(in: 0 ... .max)).part"
        ).path
        func fail() -> InputError { InputError("cannot write the file", at: path, got: reason()) }
        let descriptor = Foundation.open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw fail() }
        do {
            var sink = ByteSink(descriptor: descriptor, path: path)
            try body(&sink)
            try sink.flush()
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

    /// The name of the file that is not there yet while a write to it goes on, or was killed, and leaves `part` beside it;
    /// nil if that is nothing of the kind.
    package static func wholeName(ofPart part: String) -> String? {
        guard part.hasPrefix("."), part.hasSuffix(".part") else { return nil }
        let name = part.dropFirst().dropLast(".part".count)
        return name.lastIndex(of: ".").map { String(name[..<$0]) }
    }

    /// The first bytes of a file; nil if it cannot be read.
    public static func start(of path: String, count: Int) -> [UInt8]? {
        FileHandle(forReadingAtPath: path).flatMap { try? $0.read(upToCount: count) }.map { Array($0) }
    }

    /// The same file by another name; a copy where the file system has no links.
    public static func link(_ file: String, to path: String) throws {
        if Foundation.link(file, path) != 0 { try write(read(file), to: path) }
    }

    /// The last system error in words.
    public static func reason() -> String { String(cString: strerror(errno)) }
}
