import Foundation

/// Figures in sentences for people; files for programs hold every digit.
public enum FigureText {
    /// Six significant digits, or all of them where fewer would put `value` on `bound`: 2, 0.93, 0.428571.
    public static func of(_ value: Double, beside bound: Double? = nil) -> String {
        let short = String(format: "%.6g", value)
        return value != bound && Double(short) == bound ? exactly(value) : short
    }

    /// Every digit: what a person wrote, as it was written.
    public static func exactly(_ value: Double) -> String {
        let text = "\(value)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
