import Foundation

/// One fit: some epochs under one one-cycle schedule (Smith, 2018; fastai's form and defaults).
public struct Fit: Codable, Sendable, Equatable {
    public var epochs: Int
    /// Peak learning rate of each parameter group: body's first half, second half, head.
    public var rates: [Double]
    /// Share of the fit in which the rate rises.
    public var pctStart: Double
    /// Peak over first rate.
    public var div: Double
    /// Whether the body is frozen; its batch norms train all the same, as fastai's do, unless the run freezes them too.
    public var isFrozen: Bool
    /// Whether the optimiser forgets its averages first, as fastai's does at each freezing and unfreezing.
    public var resetsOptimiser: Bool

    /// fastai's `fine_tune`: a frozen one-cycle at `rate`, then at half of it with a hundredth for the first group.
    public static func fineTune(epochs: Int, freezeEpochs: Int, rate: Double) -> [Fit] {
        let half = rate / 2
        return [
            Fit(
                epochs: freezeEpochs, rates: [rate / 10, rate / 10, rate], pctStart: 0.99, div: 25, isFrozen: true,
                resetsOptimiser: true),
            // slice(a, b) is geometric: a, sqrt(a b), b.
            Fit(
                epochs: epochs, rates: [half / 100, half / 10, half], pctStart: 0.3, div: 5, isFrozen: false,
                resetsOptimiser: true),
        ].filter { $0.epochs > 0 }
    }

    /// fastai's `fit_one_cycle` with one rate for all: for a body that starts from nothing.
    public static func oneCycle(epochs: Int, rate: Double) -> [Fit] {
        [
            Fit(
                epochs: epochs, rates: [rate, rate, rate], pctStart: 0.25, div: 25, isFrozen: false,
                resetsOptimiser: false)
        ].filter { $0.epochs > 0 }
    }

    /// Learning rate of a group at `position` 0...1 of the fit: rate/div -> rate -> rate/1e5.
    public func rate(group: Int, at position: Double) -> Double {
        let peak = rates[group]
        return cycle(position, peak / div, peak, peak / 1e5)
    }

    /// Momentum at `position`: 0.95 -> 0.85 -> 0.95.
    public func momentum(at position: Double) -> Double { cycle(position, 0.95, 0.85, 0.95) }

    private func cycle(_ position: Double, _ start: Double, _ middle: Double, _ end: Double) -> Double {
        func cosine(_ from: Double, _ to: Double, _ share: Double) -> Double {
            from + (1 + cos(.pi * (1 - share))) * (to - from) / 2
        }
        return position < pctStart
            ? cosine(start, middle, position / pctStart) : cosine(middle, end, (position - pctStart) / (1 - pctStart))
    }
}
