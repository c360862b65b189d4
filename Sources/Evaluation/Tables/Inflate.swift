import CZlib

/// Raw deflate (RFC 1951) and the checksum of zip archives, by zlib.
enum Inflate {
    /// The most that a byte of deflate can hold.
    static let mostRatio = 1032

    /// What `packed` holds; nil unless it is whole and exactly `size` bytes.
    static func bytes(_ packed: ArraySlice<UInt8>, size: Int) -> [UInt8]? {
        guard size <= packed.count.multipliedReportingOverflow(by: mostRatio).partialValue, size < Int.max else {
            return nil
        }
        var stream = z_stream()
        // A negative window: no zlib header around it.
        guard inflateInit2_(&stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return nil }
        defer { inflateEnd(&stream) }
        // A byte of room tells a member that is longer than it says.
        var bytes = [UInt8](repeating: 0, count: size + 1)
        let end = packed.withUnsafeBufferPointer { packed in
            bytes.withUnsafeMutableBufferPointer { bytes -> Int? in
                // zlib counts in 32 bits: both sides are handed over in pieces.
                var (read, written) = (0, 0)
                while true {
                    let (input, output) = (min(packed.count - read, piece), min(bytes.count - written, piece))
                    stream.next_in = packed.baseAddress.map { UnsafeMutablePointer(mutating: $0 + read) }
                    stream.avail_in = UInt32(input)
                    stream.next_out = bytes.baseAddress.map { $0 + written }
                    stream.avail_out = UInt32(output)
                    let status = inflate(&stream, Z_NO_FLUSH)
                    read += input - Int(stream.avail_in)
                    written += output - Int(stream.avail_out)
                    if status == Z_STREAM_END { return written }
                    guard status == Z_OK, written < bytes.count else { return nil }
                }
            }
        }
        guard end == size else { return nil }
        bytes.removeLast()
        return bytes
    }

    private static let piece = 1 << 30

    /// CRC-32 as zip has it.
    static func checksum(_ bytes: [UInt8]) -> Int {
        bytes.withUnsafeBufferPointer { Int(crc32_z(0, $0.baseAddress, $0.count)) }
    }
}
