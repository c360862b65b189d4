import Foundation

/// SplitMix64 (Steele et al., 2014): small, fast, and the same numbers from a seed on every machine.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    /// A generator of its own for each part (an epoch, an image) of one seed.
    public init(seed: UInt64, _ parts: UInt64...) {
        state = seed
        for part in parts { state = next() ^ part &* 0xD6E8_FEB8_6659_FD93 }
        _ = next()
    }

    /// A number for a name, the same on every machine (FNV-1a, 64 bits): what is drawn for a label hangs on its name, not on
    /// its place in a file.
    static func number(of name: String) -> UInt64 {
        name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// Uniform in [0, 1).
    public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Uniform in [low, high).
    public mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * uniform() }

    /// Uniform in 0..<bound.
    public mutating func integer(below bound: Int) -> Int { Int(uniform() * Double(bound)) }

    /// Standard normal (Box-Muller).
    public mutating func normal() -> Double { (-2 * log(1 - uniform())).squareRoot() * cos(2 * .pi * uniform()) }

    /// A random order of 0..<count (Fisher-Yates).
    public mutating func permutation(_ count: Int) -> [Int] {
        var order = Array(0..<count)
        for i in stride(from: count - 1, to: 0, by: -1) { order.swapAt(i, integer(below: i + 1)) }
        return order
    }
}
