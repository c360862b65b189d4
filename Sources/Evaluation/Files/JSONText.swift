/// Text as a JSON string.
enum JSONText {
    /// Appends the string that holds these bytes of UTF-8, as `JSON.text` writes it.
    static func append(_ bytes: UnsafeRawBufferPointer, to text: inout [UInt8]) {
        text.append(0x22)
        for byte in bytes {
            switch byte {
            case 0x22, 0x5C: text += [0x5C, byte]
            case 0x08: text += [0x5C, 0x62]
            case 0x0C: text += [0x5C, 0x66]
            case 0x0A: text += [0x5C, 0x6E]
            case 0x0D: text += [0x5C, 0x72]
            case 0x09: text += [0x5C, 0x74]
            case 0..<0x20: text += [0x5C, 0x75, 0x30, 0x30, digit(byte >> 4), digit(byte & 15)]
            default: text.append(byte)
            }
        }
        text.append(0x22)
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x61 - 10 + value }
}
