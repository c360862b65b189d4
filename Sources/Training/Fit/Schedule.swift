import Foundation

/// One fit: some epochs under one schedule, in fastai's form and with its defaults.
public struct Fit: Codable, Sendable, Equatable {
    public enum Curve: String, Codable, Sendable, CaseIterable {
        /// Up and down (Smith, 2018).
        case oneCycle = "one-cycle"
        /// Flat, then down as a cosine from `pctStart` on; fastai's `fit_flat_cos`.
        case flatCosine = "flat-cosine"
        /// fastai's `fit`.
        case flat
    }

    /// What a fit may have; counts over all fits stay far from an integer's end.
    public static let epochRange = 0...1_000_000

    public var epochs: Int
    public var curve = Curve.oneCycle
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
                epochs: freezeEpochs, rates: slice(rate), pctStart: 0.99, div: 25, isFrozen: true,
                resetsOptimiser: true),
            Fit(
                epochs: epochs, rates: slice(half / 100, half), pctStart: 0.3, div: 5, isFrozen: false,
                resetsOptimiser: true),
        ].filter { $0.epochs > 0 }
    }

    /// fastai's `fit_one_cycle`, `fit_flat_cos` or `fit`, with a peak rate a parameter group.
    public static func all(epochs: Int, rates: [Double], curve: Curve = .oneCycle) -> [Fit] {
        let start = curve == .flatCosine ? 0.75 : 0.25
        return [
            Fit(
                epochs: epochs, curve: curve, rates: rates, pctStart: start, div: 25, isFrozen: false,
                resetsOptimiser: false)
        ].filter { $0.epochs > 0 }
    }

    /// `fit_one_cycle` with one rate for all: for a body that starts from nothing.
    public static func oneCycle(epochs: Int, rate: Double) -> [Fit] {
        all(epochs: epochs, rates: [rate, rate, rate])
    }

    /// fastai's `slice(low, high)`: geometric over the three groups.
    public static func slice(_ low: Double, _ high: Double) -> [Double] { [low, (low * high).squareRoot(), high] }

    /// fastai's `slice(high)`: a tenth for all groups but the last.
    public static func slice(_ high: Double) -> [Double] { [high / 10, high / 10, high] }

    /// Learning rate of a group at `position` 0...1 of the fit; one-cycle's goes rate/div -> rate -> rate/1e5.
    public func rate(group: Int, at position: Double) -> Double {
        let peak = rates[group]
        switch curve {
        case .oneCycle: return cycle(position, peak / div, peak, peak / 1e5)
        case .flatCosine: return cycle(position, peak, peak, peak / 1e5)
        case .flat: return peak
        }
    }

    /// Momentum at `position`: 0.95 -> 0.85 -> 0.95 in one-cycle, else 0.9.
    public func momentum(at position: Double) -> Double {
        curve == .oneCycle ? cycle(position, 0.95, 0.85, 0.95) : 0.9
    }

    private func cycle(_ position: Double, _ start: Double, _ middle: Double, _ end: Double) -> Double {
        func cosine(_ from: Double, _ to: Double, _ share: Double) -> Double {
            from + (1 + cos(.pi * (1 - share))) * (to - from) / 2
        }
        return position < pctStart
            ? cosine(start, middle, position / pctStart) : cosine(middle, end, (position - pctStart) / (1 - pctStart))
    }
}

extension Fit {
    /// What earlier versions did not write is as they did it.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        epochs = try values.decode(Int.self, forKey: .epochs)
        curve = try values.decodeIfPresent(Curve.self, forKey: .curve) ?? .oneCycle
        rates = try values.decode([Double].self, forKey: .rates)
        pctStart = try values.decode(Double.self, forKey: .pctStart)
        div = try values.decode(Double.self, forKey: .div)
        isFrozen = try values.decode(Bool.self, forKey: .isFrozen)
        resetsOptimiser = try values.decode(Bool.self, forKey: .resetsOptimiser)
    }
}
