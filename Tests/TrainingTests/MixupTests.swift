import Evaluation
import Foundation
import Testing
import Training

@Suite struct MixupTests {
    /// One number an image, its own index, so that each mixed one tells its share.
    private func shares(_ alpha: Double, seed: UInt64) -> [Double] {
        let count = 500
        var inputs = (0..<count).map { Float($0) }
        var targets: [Float] = (0..<count).flatMap { [Float($0), Float(1)] }
        var generator = SeededGenerator(seed: seed)
        Mixup(alpha: alpha).apply(&inputs, &targets, count: count, &generator)
        // The generator's draws again, by the method's definition.
        var again = SeededGenerator(seed: seed)
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
            // Targets are mixed as their images are.
            #expect(targets[2 * i] == inputs[i] && targets[2 * i + 1] == 1)
        }
        return shares
    }

    /// lambda = max(l, 1 - l), l ~ Beta(a, a): E[(l - 1/2)^2] = 1 / (4 (2a + 1)); every lambda is at least 1/2.
    @Test(arguments: [0.4, 1, 3])
    func lambdasAreBetaDistributed(_ alpha: Double) {
        let all = (0..<40).flatMap { shares(alpha, seed: $0) }
        #expect(all.allSatisfy { $0 >= 0.5 && $0 <= 1 })
        let variance = all.reduce(0) { $0 + ($1 - 0.5) * ($1 - 0.5) } / Double(all.count)
        #expect(abs(variance - 1 / (4 * (2 * alpha + 1))) < 0.004)
    }

    @Test func tinyAlphasMixNothing() {
        var inputs: [Float] = [1, 2, 3, 4]
        var targets: [Float] = [1, 0, 1, 0]
        var generator = SeededGenerator(seed: 1)
        Mixup(alpha: 1e-6).apply(&inputs, &targets, count: 4, &generator)
        #expect(inputs == [1, 2, 3, 4] && targets == [1, 0, 1, 0])
    }
}
