/// Numbers appended to bytes, so that millions of them make no strings that last.
enum NumberText {
    /// The shortest decimal that reads back as the same bits.
    static func append(_ value: Double, to bytes: inout [UInt8]) {
        if ShortestDecimal.append(value, to: &bytes) { return }
        var text = value.description
        text.withUTF8 { bytes.append(contentsOf: $0) }
    }

    /// The same as JSON has it: whole numbers without a point.
    static func appendJSON(_ value: Double, to bytes: inout [UInt8]) {
        if ShortestDecimal.append(value, to: &bytes) { return }
        append(value, to: &bytes)
        if bytes.suffix(2).elementsEqual([0x2E, 0x30]) { bytes.removeLast(2) }
    }

    static func append(_ value: Int, to bytes: inout [UInt8]) {
        if (0..<10).contains(value) { return bytes.append(0x30 + UInt8(value)) }
        var text = value.description
        text.withUTF8 { bytes.append(contentsOf: $0) }
    }
}
