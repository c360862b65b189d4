/// A decimal number in bytes -> the nearest `Double`, without a string.
///
/// Numbers of at most 19 digits and at most 27 places behind the point, nearly all that programs write, are one whole number
/// divided by a power of five: an exact 128-bit division, rounded once, to even. Others go to `StrictNumber`. The same bits
/// as `strtod` for all.
enum DecimalNumber {
    /// The value; nil for what `StrictNumber` refuses.
    static func parse(_ text: UnsafeRawBufferPointer) -> Double? {
        quick(text) ?? StrictNumber.parse(String(decoding: text, as: UTF8.self))
    }

    /// The same without the blanks around it.
    static func parseTrimmed(_ text: UnsafeRawBufferPointer) -> Double? {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
        guard let first = text.firstIndex(where: { !isBlank($0) }), let last = text.lastIndex(where: { !isBlank($0) })
        else { return nil }
        return parse(UnsafeRawBufferPointer(rebasing: text[first...last]))
    }

    /// Digits, perhaps a point, perhaps an exponent; nil for anything else, or what needs more than 128 bits.
    private static func quick(_ text: UnsafeRawBufferPointer) -> Double? {
        var at = 0
        let end = text.count
        var whole: UInt64 = 0
        var (digits, places) = (0, 0)
        /// Takes in digits; leading zeros do not count. Beyond 19 digits `whole` may be anything, even 0.
        func run() {
            while at + 8 <= end, let eight = EightDigits(text, at) {
                digits += digits == 0 ? eight.significant : 8
                whole = whole &* 100_000_000 &+ eight.value
                at += 8
            }
            while at < end {
                let digit = text[at] &- 0x30
                guard digit < 10 else { return }
                whole = whole &* 10 &+ UInt64(digit)
                if digits > 0 || digit > 0 { digits += 1 }
                at += 1
            }
        }
        run()
        var seen = at
        if at < end, text[at] == 0x2E {
            at += 1
            let first = at
            run()
            places = at - first
            seen += places
        }
        guard seen > 0, digits <= 19 else { return nil }
        if at < end {
            guard text[at] | 0x20 == 0x65, end - at <= 5 else { return nil }
            at += 1
            let isNegative = at < end && text[at] == 0x2D
            if at < end, text[at] == 0x2D || text[at] == 0x2B { at += 1 }
            guard at < end else { return nil }
            var exponent = 0
            while at < end {
                let digit = text[at] &- 0x30
                guard digit < 10 else { return nil }
                exponent = exponent * 10 + Int(digit)
                at += 1
            }
            places += isNegative ? exponent : -exponent
        }
        if whole == 0 { return 0 }
        guard places >= 0, places < powersOfFive.count else { return nil }
        // Both are exact as doubles, so one division rounds once.
        if whole < 1 << 53, places < powersOfTen.count { return Double(whole) / powersOfTen[places] }
        return quotient(whole, places)
    }

    /// `whole` / 10^places, `whole` not being 0.
    private static func quotient(_ whole: UInt64, _ places: Int) -> Double {
        let five = powersOfFive[places]
        let (shift, divisorShift) = (whole.leadingZeroBitCount, five.leadingZeroBitCount)
        // Both fill their words; half the dividend is below the divisor, so that the quotient fits one word.
        let (dividend, divisor) = (whole << UInt64(shift), five << UInt64(divisorShift))
        let (quotient, rest) = divisor.dividingFullWidth((dividend >> 1, dividend << 63))
        // 63 or 64 bits, of which 53 stay; the last one collects what lies below it, as only being there counts.
        let bits = quotient | (rest == 0 ? 0 : 1)
        let exponent = divisorShift - shift - 63 - places
        return Double(bits) * Double(bitPattern: UInt64(1023 + exponent) << 52)
    }

    /// 10^0 ... 10^22: those that are exact.
    private static let powersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]

    /// 5^0 ... 5^27: those that fit a word.
    private static let powersOfFive: [UInt64] = [
        1, 5, 25, 125, 625, 3_125, 15_625, 78_125, 390_625, 1_953_125, 9_765_625, 48_828_125, 244_140_625,
        1_220_703_125, 6_103_515_625, 30_517_578_125, 152_587_890_625, 762_939_453_125, 3_814_697_265_625,
        19_073_486_328_125, 95_367_431_640_625, 476_837_158_203_125, 2_384_185_791_015_625, 11_920_928_955_078_125,
        59_604_644_775_390_625, 298_023_223_876_953_125, 1_490_116_119_384_765_625, 7_450_580_596_923_828_125,
    ]
}

/// Eight digits in a row, taken as one word.
private struct EightDigits {
    let value: UInt64
    /// Digits from the first that is not 0.
    let significant: Int

    /// Nil unless the eight bytes from `at` on, which must be there, are digits.
    @inline(__always)
    init?(_ text: UnsafeRawBufferPointer, _ at: Int) {
        let word = UInt64(littleEndian: text.loadUnaligned(fromByteOffset: at, as: UInt64.self))
        let high: UInt64 = 0xF0F0_F0F0_F0F0_F0F0
        let zeros: UInt64 = 0x3030_3030_3030_3030
        // Bytes 30 to 3F, which stay there when 6 is added.
        guard word & high == zeros, (word &+ 0x0606_0606_0606_0606) & high == zeros else { return nil }
        // The first digit is the lowest byte: neighbours are joined into pairs, fours and the eight.
        var sum = word &- zeros
        significant = 8 - sum.trailingZeroBitCount / 8
        sum = (sum &* 10 &+ sum >> 8) & 0x00FF_00FF_00FF_00FF
        sum = (sum &* 100 &+ sum >> 16) & 0x0000_FFFF_0000_FFFF
        value = (sum &* 10_000 &+ sum >> 32) & 0xFFFF_FFFF
    }
}
