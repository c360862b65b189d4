/// Percentiles of a sample.
package enum Percentile {
    /// Between the two nearest ranks, linearly, as NumPy's default; nil without values.
    /// - Parameters: `ascending` is sorted; `share` is in 0...1.
    package static func of(_ ascending: [Double], _ share: Double) -> Double? {
        guard let last = ascending.indices.last else { return nil }
        let at = share * Double(last)
        let below = min(last, Int(at))
        let above = min(last, below + 1)
        return ascending[below] + (ascending[above] - ascending[below]) * (at - Double(below))
    }
}
