/// The mark that some programs for Windows begin UTF-8 text with; it belongs to no name.
enum ByteOrderMark {
    /// Its bytes at the start of a file: 3 or 0.
    static func length(_ bytes: some Sequence<UInt8>) -> Int { bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0 }
}
