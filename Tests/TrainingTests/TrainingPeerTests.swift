import Evaluation
import Foundation
import Raster
import Testing
import Training

/// 30 steps of a ResNet-18 with fastai's head beside fastai itself: fine_tune with a frozen epoch, the same fresh weights and
/// the same pictures in the same order; see Fixtures/make_fastai.py.
@Suite struct TrainingPeerTests {
    private static let count = 176

    /// An 8 x 8 grid of colours, and which of four labels made it lighter.
    private static func picture(_ index: Int) -> (image: Image, labels: [String]) {
        var random = SeededGenerator(seed: 7, UInt64(index))
        let target = (0..<4).map { _ in Int(random.next() >> 63) }
        var grid = [UInt8](repeating: 0, count: 8 * 8 * 3)
        for at in grid.indices {
            grid[at] = UInt8(Int(random.next() >> 58) + 64 * target[at % 3] + (target[3] == 1 && at < 4 * 24 ? 96 : 0))
        }
        var pixels = [UInt8](repeating: 0, count: 64 * 64 * 3)
        for y in 0..<64 {
            for x in 0..<64 {
                for c in 0..<3 { pixels[(y * 64 + x) * 3 + c] = grid[(y / 8 * 8 + x / 8) * 3 + c] }
            }
        }
        return (
            Image(width: 64, height: 64, pixels: pixels), target.indices.filter { target[$0] == 1 }.map { "l\($0)" }
        )
    }

    /// A learner on the pictures in a folder of its own.
    private func learner(_ folder: String) throws -> Learner {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var rows: [LabelTable.Row] = []
        for index in 0..<Self.count {
            let (image, labels) = Self.picture(index)
            try FileBytes.write(image.pngBytes(), to: "\(folder)/\(index).png")
            rows.append(.init(name: "\(index).png", labels: labels, isValid: index >= 160))
        }
        let table = LabelTable(rows: rows)
        var config = RunConfig(
            arch: "resnet18", head: .fastai, vocab: table.vocabulary, preprocessing: try Preprocessing(size: 64),
            thresholds: [0.5, 0.5, 0.5, 0.5], fits: Fit.fineTune(epochs: 2, freezeEpochs: 1, rate: 3e-4),
            batchSize: 16, split: .column)
        config.augments = false
        config.recipe.dropout = 0
        return try Learner(config, Dataset(table, folder: folder, split: .byColumn(table)), threads: 2)
    }

    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("peer-\(UUID())").path

    /// Four epochs of a growing rate for all layers. Within 2e-3: there fastai in single precision is 8e-4 away from itself in
    /// double.
    @Test func theFindersCurveIsFastais() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let curve = try learner(folder).findLearningRate(from: 1e-6, to: 3e-4, steps: 40)
        let expected = try FastaiFixture.read().finding
        #expect(expected.noise < 1e-3 && expected.losses.count == 40 && curve.losses.count == 40)
        for (step, (ours, theirs)) in zip(curve.losses, expected.losses).enumerated() {
            #expect(abs(ours - theirs) < 2e-3, "step \(step): \(ours) instead of \(theirs)")
        }
    }

    @Test func thirtyStepsAreFastais() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let learner = try learner(folder)
        // The events have the smoothed loss, of which each step's follows.
        var losses: [Double] = []
        var (average, steps) = (0.0, 0.0)
        try learner.fit { event in
            switch event {
            case .fit: (average, steps) = (0, 0)
            case .batch(_, _, _, let smoothed):
                steps += 1
                let now = smoothed * (1 - pow(0.98, steps))
                losses.append((now - 0.98 * average) / 0.02)
                average = now
            default: break
            }
        }
        let expected = try FastaiFixture.read().training
        #expect(expected.noise < 1e-4)
        #expect(losses.count == 30 && expected.losses.count == 30)
        for (step, (ours, theirs)) in zip(losses, expected.losses).enumerated() {
            #expect(abs(ours - theirs) < 1e-3, "step \(step): \(ours) instead of \(theirs)")
        }
        let validation = learner.history.suffix(expected.validation.count).map(\.validLoss)
        for (ours, theirs) in zip(validation, expected.validation) { #expect(abs(ours - theirs) < 1e-3) }
    }
}
