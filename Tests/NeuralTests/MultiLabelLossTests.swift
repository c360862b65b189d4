import Foundation
import Neural
import Testing

@Suite struct MultiLabelLossTests {
    private static var all: [MultiLabelLoss] {
        var smooth = MultiLabelLoss()
        smooth.smoothing = 0.1
        var weighted = MultiLabelLoss()
        weighted.positiveWeights = [3, 0.5]
        var sharp = MultiLabelLoss(.asymmetric)
        (sharp.positiveGamma, sharp.clip) = (0, 0)
        // Exponents below 1 have no slope at 0.
        var (soft, flat) = (MultiLabelLoss(.asymmetric), MultiLabelLoss(.focal))
        (soft.positiveGamma, soft.negativeGamma, flat.gamma) = (0.5, 0.5, 0.5)
        return [
            MultiLabelLoss(), smooth, weighted, MultiLabelLoss(.focal), MultiLabelLoss(.asymmetric), sharp, soft, flat,
        ]
    }

    private let logits: [Float] = [-30, -3.5, -2.96, -0.4, 0, 0.3, 2.2, 7, 40, -1, 21, -25, -5, 60]
    private let targets: [Float] = [0, 0, 1, 0, 1, 1, 0, 1, 1, 0.3, 0, 1, 0, 0]

    @Test(arguments: all.indices)
    func theGradientIsTheSlope(_ index: Int) {
        let loss = Self.all[index]
        let gradient = loss.gradient(logits: logits, targets: targets)
        for at in logits.indices {
            let step: Float = 0x1p-9
            var (up, down) = (logits, logits)
            up[at] += step
            down[at] -= step
            let difference = loss.loss(logits: up, targets: targets) - loss.loss(logits: down, targets: targets)
            #expect(abs(difference / (2 * Double(step)) - Double(gradient[at])) < 2e-6, "\(loss.kind) \(at)")
        }
    }

    /// torch 2.13, torchvision 0.28 and timm in float64, on these logits and targets; see Fixtures/make_losses.py.
    @Test func lossesAreThePeers() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Fixtures/losses.json")
        struct Expected: Decodable {
            var logits: [Float]
            var targets: [Float]
            var losses: [Double]
        }
        let expected = try JSONDecoder().decode(Expected.self, from: Data(contentsOf: file))
        #expect(expected.losses.count == Self.all.count)
        for (loss, reference) in zip(Self.all, expected.losses) {
            let value = loss.loss(logits: expected.logits, targets: expected.targets)
            #expect(abs(value - reference) < 1e-12 * max(1, reference), "\(loss)")
        }
    }

    @Test func plainIsBinaryCrossEntropy() {
        var unit = MultiLabelLoss()
        unit.positiveWeights = [1, 1]
        let terms = zip(logits, targets).map { (logit, target) -> Double in
            let (z, t) = (Double(logit), Double(target))
            let relief = log1p(exp(-abs(z))) + max(z, 0)
            return relief - z * t
        }
        let reference = terms.reduce(0, +) / Double(terms.count)
        #expect(abs(MultiLabelLoss().loss(logits: logits, targets: targets) - reference) < 1e-12)
        #expect(abs(unit.loss(logits: logits, targets: targets) - reference) < 1e-12)
    }
}
