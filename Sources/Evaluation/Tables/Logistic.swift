import Foundation

/// The largest number below 1: no finite logit is certainty, which a wrong decision would pay for without end.
let largestProbability = 1.0.nextDown

/// `1 / (1 + exp(-x))`, without overflow for large negative `x`, and below 1 for all: logits above 36.7 are all as near to 1
/// as a number can be.
public func logistic(_ x: Double) -> Double {
    if x >= 0 { return min(1 / (1 + exp(-x)), largestProbability) }
    let e = exp(x)
    return e / (1 + e)
}
