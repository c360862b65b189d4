import Foundation

/// Random numbers as a function of (seed, index): no state, so any thread may draw any of them.
/// SplitMix64's finaliser (Steele et al., 2014) over seed + index * golden ratio.
public struct CounterRandom: Sendable {
    let seed: UInt64

    public init(seed: UInt64) { self.seed = seed }

    /// A stream of its own, for one purpose or one step.
    public init(seed: UInt64, stream: UInt64) { self.seed = CounterRandom(seed: seed).bits(~stream) }

    func bits(_ index: UInt64) -> UInt64 {
        var z = seed &+ (index &+ 1) &* 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// Uniform in [0, 1), 24 bits.
    func uniform(_ index: Int) -> Float { Float(bits(UInt64(index)) >> 40) * 0x1p-24 }

    /// Standard normal (Box-Muller).
    func normal(_ index: Int) -> Float {
        let u = Double(bits(UInt64(2 * index)) >> 11) * 0x1p-53
        let v = Double(bits(UInt64(2 * index + 1)) >> 11) * 0x1p-53
        return Float((-2 * log(1 - u)).squareRoot() * cos(2 * .pi * v))
    }
}
