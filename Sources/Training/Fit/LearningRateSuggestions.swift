import Foundation

/// The rates that fastai's `lr_find` suggests of a curve, by its four rules, in its single precision. Nil where the curve is too
/// short for a rule.
public struct LearningRateSuggestions: Codable, Sendable, Equatable {
    /// A tenth of the rate of the lowest loss.
    public let lrMin: Double?
    /// Where the loss falls fastest over the logarithm of the rate.
    public let lrSteep: Double?
    /// Two thirds along the longest falling stretch.
    public let valley: Double?
    /// Left of the first place, from the right, where the slope no longer changes.
    public let slide: Double?

    /// - Parameters:
    ///   - losses: smoothed, one a step, of all steps that were taken.
    ///   - steps: how many were planned. Of these the first tenth and the last 5 are left out, and all from the first loss that
    ///     is no number.
    public init(rates: [Double], losses: [Double], steps: Int) {
        // Training ends at a loss that is no number; fastai goes on and cuts there.
        let end = losses.last?.isNaN == true ? min(losses.count - 1, steps - 5) : losses.count - 5
        let part = min(steps / 10, max(0, end))..<max(min(steps / 10, max(0, end)), end)
        let (lrs, values) = (rates[part].map(Float.init), losses[part].map(Float.init))
        lrMin = Self.minimum(lrs, values)
        lrSteep = Self.steep(lrs, values)
        valley = Self.valley(lrs, values)
        slide = Self.slide(lrs, values)
    }

    private static func minimum(_ lrs: [Float], _ losses: [Float]) -> Double? {
        losses.indices.min { losses[$0] < losses[$1] }.map { Double(lrs[$0]) / 10 }
    }

    private static func steep(_ lrs: [Float], _ losses: [Float]) -> Double? {
        let slopes = losses.indices.dropFirst().map { i in
            (losses[i] - losses[i - 1]) / (log(lrs[i]) - log(lrs[i - 1]))
        }
        return slopes.indices.min { slopes[$0] < slopes[$1] }.map { Double(lrs[$0]) }
    }

    private static func valley(_ lrs: [Float], _ losses: [Float]) -> Double? {
        guard !losses.isEmpty else { return nil }
        var lengths = [Int](repeating: 1, count: losses.count)
        var (start, end) = (0, 0)
        for i in losses.indices.dropFirst() {
            for j in 0..<i {
                if losses[i] < losses[j], lengths[i] < lengths[j] + 1 { lengths[i] = lengths[j] + 1 }
                if lengths[end] < lengths[i] {
                    end = i
                    start = end - lengths[end]
                }
            }
        }
        let third = Double(end - start) / 3
        let index = start + Int(third) + Int(third / 2)
        // As Python, which counts -1 from the end.
        return Double(lrs[index < 0 ? index + lrs.count : index])
    }

    private static func slide(_ lrs: [Float], _ losses: [Float]) -> Double? {
        let (count, window) = (losses.count, 15)
        guard count > window else { return nil }
        let slopes = losses.indices.map { i -> Float in
            if i == 0 { return losses[1] - losses[0] }
            return i == count - 1 ? losses[i] - losses[i - 1] : (losses[i + 1] - losses[i - 1]) / 2
        }
        var (right, left) = (count - 1, count - 1 - window)
        var rate = lrs[left]
        while left >= 0, abs(slopes[right] - slopes[left]) > 0.005 {
            rate = lrs[left]
            right -= 1
            left -= 1
        }
        return Double(rate)
    }
}
