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
        pending.append(contentsOf: bytes)
        if pending.count >= Self.most { try flush() }
    }

    public mutating func write(_ text: String) throws { try write(text.utf8) }

    mutating func flush() throws {
        guard let descriptor else { return }
        var written = 0
        try pending.withUnsafeBytes { buffer in
            while written < buffer.count {
                let count = Foundation.write(
                    descriptor, buffer.baseAddress.map { $0 + written }, buffer.count - written)
                guard count > 0 else {
                    throw InputError("cannot write the file", at: path, got: FileBytes.reason())
                }
                written += count
            }
        }
        pending.removeAll(keepingCapacity: true)
    }
}
