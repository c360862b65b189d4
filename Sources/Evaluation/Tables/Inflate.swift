import CZlib

/// Raw deflate (RFC 1951) and the checksum of zip archives, by zlib.
enum Inflate {
    /// The most that a byte of deflate can hold.
    static let mostRatio = 1032

    /// What `packed` holds; nil unless it is whole and exactly `size` bytes.
    static func bytes(_ packed: ArraySlice<UInt8>, size: Int) -> [UInt8]? {
        guard size <= packed.count * mostRatio, packed.count <= Int(UInt32.max), size <= Int(UInt32.max) else {
            return nil
        }
        var stream = z_stream()
        // A negative window: no zlib header around it.
        guard inflateInit2_(&stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return nil }
        defer { inflateEnd(&stream) }
        // A byte of room tells a member that is longer than it says.
        var bytes = [UInt8](repeating: 0, count: size + 1)
        let status = packed.withUnsafeBufferPointer { packed in
            bytes.withUnsafeMutableBufferPointer { bytes in
                stream.next_in = UnsafeMutablePointer(mutating: packed.baseAddress)
                stream.avail_in = UInt32(packed.count)
                stream.next_out = bytes.baseAddress
                stream.avail_out = UInt32(bytes.count)
                return inflate(&stream, Z_FINISH)
            }
        }
        guard status == Z_STREAM_END, stream.avail_out == 1 else { return nil }
        bytes.removeLast()
        return bytes
    }

    /// CRC-32 as zip has it.
    static func checksum(_ bytes: [UInt8]) -> Int {
        bytes.withUnsafeBufferPointer { Int(crc32_z(0, $0.baseAddress, $0.count)) }
    }
}
