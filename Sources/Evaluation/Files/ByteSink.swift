import Foundation

/// Where the pieces of a file go: gathered, and written when there are many.
public struct ByteSink {
    /// Nil where they stay in memory.
    private let descriptor: Int32?
    private let path: String
    private var pending: [UInt8] = []

    private static let most = 1 << 20

    init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    /// What `body` writes, in memory.
    static func text(_ body: (inout ByteSink) throws -> Void) rethrows -> String {
        var sink = ByteSink()
        try body(&sink)
        return String(decoding: sink.pending, as: UTF8.self)
    }

    private init() {
        descriptor = nil
        path = ""
    }

    /// - Throws: `InputError` if the disk is full or gone.
    public mutating func write(_ bytes: some Collection<UInt8>) throws {
        // A checkpoint of many megabytes is not copied once more.
        if let descriptor, bytes.count >= Self.most {
            try flush()
            let isWritten: Void? = try bytes.withContiguousStorageIfAvailable {
                try Self.write(UnsafeRawBufferPointer($0), to: descriptor, path)
            }
            if isWritten != nil { return }
        }
        pending.append(contentsOf: bytes)
        if pending.count >= Self.most { try flush() }
    }

    public mutating func write(_ text: String) throws { try write(text.utf8) }

    mutating func flush() throws {
        guard let descriptor else { return }
        try pending.withUnsafeBytes { try Self.write($0, to: descriptor, path) }
        pending.removeAll(keepingCapacity: true)
    }

    private static func write(_ buffer: UnsafeRawBufferPointer, to descriptor: Int32, _ path: String) throws {
        var written = 0
        while written < buffer.count {
            let count = Foundation.write(descriptor, buffer.baseAddress.map { $0 + written }, buffer.count - written)
            guard count > 0 else {
                throw InputError("cannot write the file", at: path, got: FileBytes.reason())
            }
            written += count
        }
    }
}
