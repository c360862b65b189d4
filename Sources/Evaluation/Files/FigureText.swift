import Foundation

/// Figures in sentences for people; files for programs hold every digit.
public enum FigureText {
    /// Six significant digits, or all of them where fewer would put `value` on `bound`: 2, 0.93, 0.428571.
    public static func of(_ value: Double, beside bound: Double? = nil) -> String {
        let short = String(format: "%.6g", value)
        return value != bound && Double(short) == bound ? exactly(value) : short
    }

    /// Three significant digits, or as many as it takes to tell a share from 0 and 1: 0.313, 0.00025, 0.9998.
    public static func short(_ value: Double) -> String {
        let text = String(format: "%.3g", value)
        let end = Double(text) ?? value
        return end != value && (end == 0 || end == 1) ? of(value, beside: end) : text
    }

    /// Both ends of a range, with three to six significant digits: as many as tell them apart.
    public static func range(_ low: Double, _ high: Double) -> String {
        for digits in 3...6 {
            let ends = [low, high].map { String(format: "%.\(digits)g", $0) }
            if ends[0] != ends[1] { return ends.joined(separator: "…") }
        }
        return "\(short(low))…\(short(high))"
    }

    /// So many decimals, none of them in vain: 0.5, 1, 0.125.
    public static func decimals(_ value: Double, atMost count: Int = 3) -> String {
        let text = String(format: "%.\(count)f", value)
        guard value.isFinite, count > 0 else { return text }
        let cut = String(text.reversed().drop { $0 == "0" }.reversed())
        return cut.hasSuffix(".") ? String(cut.dropLast()) : cut
    }

    /// Every digit: what a person wrote, as it was written.
    public static func exactly(_ value: Double) -> String {
        let text = "\(value)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
