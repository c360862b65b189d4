/// Numbers as tables write them: decimal digits, point, exponent. `nan`, `inf`, hexadecimal and overflow are refused,
/// all of which `Double.init` takes.
public enum StrictNumber {
    /// The value of a decimal number, or nil.
    public static func parse(_ text: String) -> Double? {
        let allowed = text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains(byte)
        }
        guard allowed, let value = Double(text), value.isFinite else { return nil }
        return value
    }
}
