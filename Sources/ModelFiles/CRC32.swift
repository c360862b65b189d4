/// The checksum of zip entries: polynomial 0xEDB88320, reflected; eight bytes a step, for weights are large.
enum CRC32 {
    /// 8 x 256: row k is the checksum of a byte followed by k zeros.
    private static let table: [UInt32] = {
        var rows: [UInt32] = (0..<256).map { index in
            var value = UInt32(index)
            for _ in 0..<8 { value = value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
            return value
        }
        for index in 256..<8 * 256 {
            let shorter = rows[index - 256]
            rows.append(rows[Int(shorter & 255)] ^ (shorter >> 8))
        }
        return rows
    }()

    static func of(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.withUnsafeBytes { raw in
            table.withUnsafeBufferPointer { table in
                var value = UInt32.max
                var at = 0
                while at + 8 <= raw.count {
                    let low = value ^ UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: at, as: UInt32.self))
                    let high = UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: at + 4, as: UInt32.self))
                    value = 0
                    for byte in 0..<4 {
                        let shift = UInt32(8 * byte)
                        value ^= table[(7 - byte) << 8 | Int(low >> shift & 255)]
                        value ^= table[(3 - byte) << 8 | Int(high >> shift & 255)]
                    }
                    at += 8
                }
                while at < raw.count {
                    value = table[Int((value ^ UInt32(raw[at])) & 255)] ^ (value >> 8)
                    at += 1
                }
                return ~value
            }
        }
    }
}
