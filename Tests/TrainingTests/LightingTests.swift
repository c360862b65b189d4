import Evaluation
import Foundation
import Testing
import Training

@Suite struct LightingTests {
    @Test func coloursAreFastais() throws {
        let fixture = try TransformFixture.read()
        for light in fixture.lighting {
            var lighting = Lighting()
            lighting.brightness = log(light.level / (1 - light.level))
            (lighting.contrast, lighting.saturation) = (light.contrast, light.saturation)
            lighting.hue = light.hue
            var colours = fixture.colours
            colours.withUnsafeMutableBufferPointer { buffer in
                if let base = buffer.baseAddress { lighting.apply(base, count: buffer.count / 3) }
            }
            let worst = zip(colours, light.colours).map { abs($0 - $1) }.max() ?? 1
            // A twentieth of a grey level for the curve's table.
            #expect(worst < 2e-4, "\(light): \(worst)")
        }
    }

    @Test func theDrawsAreDistributedAsFastais() throws {
        let fixture = try TransformFixture.read()
        var random = SeededGenerator(seed: 13)
        let draws = (0..<20_000).map { _ in Lighting(Augmentation(.fastai, itemSize: 64), &random) }
        let levels = try #require(fixture.histograms["level"]).distance(draws.map { 1 / (1 + exp(-$0.brightness)) })
        let contrasts = try #require(fixture.histograms["log_contrast"]).distance(draws.map { log($0.contrast) })
        #expect(levels < 0.015 && contrasts < 0.015)
        #expect(draws.allSatisfy { $0.saturation == 1 && $0.hue == 0 })
    }

    @Test func erasedAreasAreFastais() throws {
        let fixture = try TransformFixture.read()
        var random = SeededGenerator(seed: 14)
        var (areas, noise): ([Double], [Double]) = ([], [])
        for _ in 0..<4000 {
            var pixels = [Float](repeating: 9, count: 32 * 32 * 3)
            pixels.withUnsafeMutableBufferPointer { buffer in
                if let base = buffer.baseAddress {
                    RandomErasing(probability: 1).apply(base, edge: 32, &random)
                }
            }
            let erased = pixels.filter { $0 != 9 }
            areas.append(Double(erased.count) / Double(pixels.count))
            noise += erased.prefix(3).map(Double.init)
        }
        // Smaller pictures round more: fewer bins' worth of trust.
        #expect(try #require(fixture.histograms["erased"]).distance(areas) < 0.03)
        let mean = noise.reduce(0, +) / Double(noise.count)
        let variance = noise.map { $0 * $0 }.reduce(0, +) / Double(noise.count)
        #expect(abs(mean) < 0.05 && abs(variance - 1) < 0.07)
    }
}
