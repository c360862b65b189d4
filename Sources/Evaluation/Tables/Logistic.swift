import Foundation

/// `1 / (1 + exp(-x))`, without overflow for large negative `x`.
public func logistic(_ x: Double) -> Double {
    if x >= 0 { return 1 / (1 + exp(-x)) }
    let e = exp(x)
    return e / (1 + e)
}
