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

    /// Digits, perhaps a point, perhaps an exponent; nil for anything else, or what needs more than 128 bits.
    private static func quick(_ text: UnsafeRawBufferPointer) -> Double? {
        var at = 0
        let end = text.count
        var whole: UInt64 = 0
        var (digits, places) = (0, 0)
        /// Takes in digits; leading zeros do not count.
        func run() {
            while at < end {
                let digit = text[at] &- 0x30
                guard digit < 10 else { return }
                whole = whole &* 10 &+ UInt64(digit)
                if whole != 0 { digits += 1 }
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
    private static let powersOfTen: [Double] = (0..<23).map { (0..<$0).reduce(1) { product, _ in product * 10 } }

    /// 5^0 ... 5^27: those that fit a word.
    private static let powersOfFive: [UInt64] = (0..<28).map { (0..<$0).reduce(1) { product, _ in product * 5 } }
}
