/// The shortest decimals of probabilities, as `description` has them and several times as fast.
///
/// Scaled to a whole number of 17 digits, a probability is one 128-bit product, and so are the ends of the interval of what
/// reads back as it; digits are dropped while that interval holds a multiple of ten (Steele & White, 1990).
enum ShortestDecimal {
    /// Appends a number of 0.0001 up to 1.
    /// - Returns: false, and nothing is appended, for other numbers, powers of two, and decimals as near as another.
    static func append(_ value: Double, to bytes: inout [UInt8]) -> Bool {
        guard value >= 0.0001, value < 1, value.significandBitPattern != 0 else { return false }
        var places = value >= 0.01 ? (value >= 0.1 ? 17 : 18) : (value >= 0.001 ? 19 : 20)
        let scale: UInt128 =
            switch places {
            case 17: 100_000_000_000_000_000
            case 18: 1_000_000_000_000_000_000
            case 19: 10_000_000_000_000_000_000
            default: 100_000_000_000_000_000_000
            }
        // value = significand / 2^shift.
        let significand = UInt128(value.significandBitPattern | 1 << 52)
        let shift = 1075 - value.exponentBitPattern
        let scaled = significand &* scale
        var low = UInt64(truncatingIfNeeded: (2 &* scaled &- scale) >> UInt128(shift + 1))
        var high = UInt64(truncatingIfNeeded: (2 &* scaled &+ scale) >> UInt128(shift + 1))
        var digits = UInt64(truncatingIfNeeded: scaled >> UInt128(shift))
        let fraction = scaled & ((1 << UInt128(shift)) &- 1)
        let half: UInt128 = 1 << UInt128(shift - 1)
        // What was cut off, against half of the last digit that is left.
        var cut = fraction == half ? 0 : fraction > half ? 1 : -1
        var isWhole = fraction == 0
        while high / 10 > low / 10 {
            let last = digits % 10
            cut = last == 5 && isWhole ? 0 : last >= 5 ? 1 : -1
            isWhole = isWhole && last == 0
            digits /= 10
            low /= 10
            high /= 10
            places -= 1
        }
        guard cut != 0 else { return false }
        if cut > 0 { digits += 1 }
        append(digits, places: places, to: &bytes)
        return true
    }

    /// Appends `0.` and so many decimals.
    private static func append(_ digits: UInt64, places: Int, to bytes: inout [UInt8]) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 24) { text in
            text[0] = 0x30
            text[1] = 0x2E
            var (rest, at) = (digits, places + 2)
            while at > 2 {
                at -= 1
                text[at] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            }
            bytes.append(contentsOf: text[..<(places + 2)])
        }
    }
}
