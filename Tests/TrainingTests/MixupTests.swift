import Evaluation
import Foundation
import Testing
import Training

@Suite struct MixupTests {
    /// Johnk's method (1964) by its definition, for alphas up to 1.
    @Test(arguments: [0.2, 0.4, 1])
    func imagesAndTargetsAreMixedAlike(_ alpha: Double) {
        let count = 500
        var inputs = (0..<count).map { Float($0) }
        var targets: [Float] = (0..<count).flatMap { [Float($0), Float(1)] }
        var generator = SeededGenerator(seed: 3)
        let mixture = Mixup(alpha: alpha).mixture(of: count, &generator)
        mixture.apply(to: &inputs)
        mixture.apply(to: &targets)
        var again = SeededGenerator(seed: 3)
        var shares: [Double] = []
        for _ in 0..<count {
            var (x, y) = (0.0, 0.0)
            repeat {
                x = pow(1 - again.uniform(), 1 / alpha)
                y = pow(1 - again.uniform(), 1 / alpha)
            } while x + y > 1
            shares.append(max(x / (x + y), 1 - x / (x + y)))
        }
        let others = again.permutation(count)
        for i in 0..<count {
            let expected = shares[i] * Double(i) + (1 - shares[i]) * Double(others[i])
            #expect(abs(Double(inputs[i]) - expected) < 1e-3)
            #expect(targets[2 * i] == inputs[i] && targets[2 * i + 1] == 1)
        }
    }

    /// lambda = max(l, 1 - l), l ~ Beta(a, a): E[(l - 1/2)^2] = 1 / (4 (2a + 1)) and
    /// E[(l - 1/2)^4] = 3 / (16 (2a + 1) (2a + 3)); every lambda is at least 1/2.
    @Test(arguments: [0.4, 1, 1.01, 1.5, 3, 8, 20, 1000])
    func lambdasAreBetaDistributed(_ alpha: Double) {
        let count = 100
        var shares: [Double] = []
        for seed in 0..<300 {
            var generator = SeededGenerator(seed: UInt64(seed))
            // The unit matrix: what is left of an image stands in its own column, unless it met itself.
            var inputs = (0..<count * count).map { $0 % (count + 1) == 0 ? Float(1) : 0 }
            Mixup(alpha: alpha).mixture(of: count, &generator).apply(to: &inputs)
            for row in 0..<count where inputs[row * count..<(row + 1) * count].contains(where: { $0 > 0 && $0 < 0.5 }) {
                shares.append(Double(inputs[row * count + row]))
            }
        }
        #expect(shares.count > 28_000 || alpha < 1)
        #expect(shares.allSatisfy { $0 >= 0.5 && $0 <= 1 })
        func moment(_ power: Double) -> Double {
            shares.reduce(0) { $0 + pow($1 - 0.5, power) } / Double(shares.count)
        }
        #expect(abs(moment(2) * 4 * (2 * alpha + 1) - 1) < 0.04, "\(moment(2))")
        #expect(abs(moment(4) * 16 * (2 * alpha + 1) * (2 * alpha + 3) / 3 - 1) < 0.12, "\(moment(4))")
    }

    @Test(arguments: [1e20, 1e300, .greatestFiniteMagnitude]) func hugeAlphasMixHalves(_ alpha: Double) {
        var inputs: [Float] = [1, 2, 3, 4]
        var generator = SeededGenerator(seed: 2)
        let mixture = Mixup(alpha: alpha).mixture(of: 4, &generator)
        mixture.apply(to: &inputs)
        #expect(mixture.shares == [0.5, 0.5, 0.5, 0.5])
    }

    @Test(arguments: [1e-6, 1e-300, .leastNonzeroMagnitude]) func tinyAlphasMixNothing(_ alpha: Double) {
        var inputs: [Float] = [1, 2, 3, 4]
        var targets: [Float] = [1, 0, 1, 0]
        var generator = SeededGenerator(seed: 1)
        let mixture = Mixup(alpha: alpha).mixture(of: 4, &generator)
        mixture.apply(to: &inputs)
        mixture.apply(to: &targets)
        #expect(inputs == [1, 2, 3, 4] && targets == [1, 0, 1, 0])
    }
}
