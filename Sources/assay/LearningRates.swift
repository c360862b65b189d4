import Evaluation
import Training

/// `--lr`: one rate, or fastai's slices over the parameter groups.
enum LearningRates: Equatable {
    case one(Double)
    /// `slice(B)`: B for the head, a tenth for the body.
    case last(Double)
    /// `A:B` or `slice(A,B)`: from A for the first layers to B for the head, geometrically.
    case range(Double, Double)

    /// Nil for anything else, or a rate that is not above 0.
    init?(_ text: String) {
        func rates(_ text: some StringProtocol, _ separator: Character) -> [Double]? {
            let parts = text.split(separator: separator, omittingEmptySubsequences: false)
            let values = parts.compactMap { StrictNumber.parse(String($0.drop { $0 == " " })) }
            return values.count == parts.count && values.allSatisfy { $0 > 0 } ? values : nil
        }
        let isSlice = text.hasPrefix("slice(") && text.hasSuffix(")")
        let values = isSlice ? rates(text.dropFirst(6).dropLast(), ",") : rates(text, ":")
        switch (values?.count, isSlice) {
        case (1?, false): self = .one(values?[0] ?? 0)
        case (1?, true): self = .last(values?[0] ?? 0)
        case (2?, _): self = .range(values?[0] ?? 0, values?[1] ?? 0)
        default: return nil
        }
    }

    var isOne: Bool { if case .one = self { true } else { false } }

    /// The peak rate of each parameter group.
    var groups: [Double] {
        switch self {
        case .one(let rate): [rate, rate, rate]
        case .last(let rate): Fit.slice(rate)
        case .range(let low, let high): Fit.slice(low, high)
        }
    }
}
