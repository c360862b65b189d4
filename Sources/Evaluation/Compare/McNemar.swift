import Foundation

/// McNemar's test in its exact form (McNemar, 1947): of the decisions on which two models differ, are as many fixed as broken?
public enum McNemar {
    /// The two-sided p-value of `fixed` against `broken` under even odds: twice the binomial tail of the smaller one, at most 1.
    /// Never 0: what no number of this kind can hold, as of a thousand flips that all go one way, is the smallest there is.
    public static func pValue(fixed: Int, broken: Int) -> Double {
        let count = fixed + broken
        guard count > 0 else { return 1 }
        let whole = lgamma(Double(count + 1)) - Double(count) * log(2)
        let logs = (0...min(fixed, broken)).map { (hits: Int) -> Double in
            whole - lgamma(Double(hits + 1)) - lgamma(Double(count - hits + 1))
        }
        return min(1, max(.leastNonzeroMagnitude, 2 * logs.reduce(0.0) { $0 + exp($1) }))
    }

    /// Holm's (1979) p-values for several tests at once, in the order given.
    static func holm(_ values: [Double]) -> [Double] {
        var adjusted = values
        var largest = 0.0
        let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
        for (rank, index) in order.enumerated() {
            largest = max(largest, min(1, values[index] * Double(values.count - rank)))
            adjusted[index] = largest
        }
        return adjusted
    }
}
