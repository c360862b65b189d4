/// The mark that some programs for Windows begin UTF-8 text with; it belongs to no name.
package enum ByteOrderMark {
    /// Its bytes at the start of a file: 3 or 0.
    static func length(_ bytes: some Sequence<UInt8>) -> Int { bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0 }

    /// A file's text without it; what is no UTF-8 is replaced.
    package static func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.dropFirst(length(bytes)), as: UTF8.self)
    }
}
