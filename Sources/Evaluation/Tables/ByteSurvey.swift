/// What a table's bytes are like, from one pass over all of them.
struct ByteSurvey {
    /// All bytes are ASCII and none is NUL, so that every part of them is text.
    let isPlainText: Bool
    /// Line feeds, and carriage returns.
    let lineEnds: Int

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        let raw = UnsafeRawBufferPointer(bytes)
        let words = raw.count / 8
        var (all, nulls) = (UInt64(0), UInt64(0))
        var (ends, at) = (0, 0)
        while at < words {
            // A byte of a word for each byte of the table's words, which must not overflow.
            var counts: UInt64 = 0
            let stop = min(words, at + 255)
            while at < stop {
                let word = raw.loadUnaligned(fromByteOffset: 8 * at, as: UInt64.self)
                all |= word
                nulls |= Self.zeros(word)
                counts &+= (Self.zeros(word ^ (Self.ones &* 0x0A)) | Self.zeros(word ^ (Self.ones &* 0x0D))) >> 7
                at += 1
            }
            ends += (0..<8).reduce(0) { $0 + Int(counts >> UInt64(8 * $1) & 0xFF) }
        }
        for byte in bytes[(8 * words)...] {
            all |= UInt64(byte)
            if byte == 0 { nulls = 1 }
            if byte == 0x0A || byte == 0x0D { ends += 1 }
        }
        lineEnds = ends
        isPlainText = all & Self.tops == 0 && nulls == 0
    }

    fileprivate static let ones: UInt64 = 0x0101_0101_0101_0101
    fileprivate static let tops: UInt64 = 0x8080_8080_8080_8080

    /// The highest bit of each byte that is 0, and no other.
    @inline(__always)
    private static func zeros(_ word: UInt64) -> UInt64 { ~(((word & ~tops) &+ ~tops) | word) & tops }
}

extension UnsafeBufferPointer<UInt8> {
    /// The first place from `start` on whose byte is below `bound`, or the count; eight bytes at a time.
    /// - Parameter bound: at most 0x80.
    func firstIndex(below bound: UInt8, from start: Int) -> Int {
        let raw = UnsafeRawBufferPointer(self)
        var at = start
        while at + 8 <= raw.count {
            let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: at, as: UInt64.self))
            // A borrow marks no byte before the first that is below, which is all that is asked for.
            let below = (word &- ByteSurvey.ones &* UInt64(bound)) & ~word & ByteSurvey.tops
            if below != 0 { return at + below.trailingZeroBitCount / 8 }
            at += 8
        }
        while at < raw.count, raw[at] >= bound { at += 1 }
        return at
    }
}
