import DemoData
import Evaluation
import Raster
import Testing

@Suite struct MaskTests {
    /// A mask alone, a hundred pixels a head's half height, the head's centre at (150, 150).
    private func drawn(_ mask: Mask, seed: UInt64, on background: Color) throws -> Image {
        let canvas = try Canvas(width: 300, height: 300, background: background)
        canvas.translate(150, 150)
        canvas.scale(100, 100)
        var random = SeededGenerator(seed: seed)
        mask.draw(on: canvas, yaw: 0, &random)
        return canvas.image()
    }

    private struct Look {
        /// Of the part of a face that is asked for: 0 where all of what lies behind shows, 1 where nothing does.
        var cover = 0.0
        /// What is drawn there, on black: red, green, blue.
        var color = [0.0, 0, 0]
    }

    /// The mean over twelve masks in a square about (`x`, `y`), in head's half heights.
    private func look(_ mask: Mask, _ x: Double, _ y: Double) throws -> Look {
        var look = Look()
        for seed in 0..<12 as Range<UInt64> {
            let (dark, light) = (
                try drawn(mask, seed: seed, on: .black), try drawn(mask, seed: seed, on: .white)
            )
            for (dx, dy) in (0..<121).map({ ($0 % 11 - 5, $0 / 11 - 5) }) {
                let at = ((150 + Int(100 * y) + dy) * 300 + 150 + Int(100 * x) + dx) * 3
                for channel in 0..<3 {
                    let (dark, light) = (Double(dark.pixels[at + channel]), Double(light.pixels[at + channel]))
                    look.color[channel] += dark / 121 / 12
                    look.cover += (1 - (light - dark) / 255) / 363 / 12
                }
            }
        }
        return look
    }

    @Test(arguments: [Mask.cloth, .kn95, .medical, .surgical])
    func itCoversTheMouthAndNotTheEyes(_ mask: Mask) throws {
        #expect(try look(mask, 0, 0.6).cover > 0.999)
        #expect(try look(mask, 0, 0.35).cover > 0.999)
        for side in [-0.32, 0.32] { #expect(try look(mask, side, -0.2).cover == 0) }
    }

    @Test func aGasMaskIsDarkAndCoversAll() throws {
        for (x, y) in [(0.0, 0.6), (0.32, -0.2), (-0.32, -0.2), (0, -0.6)] {
            #expect(try look(.gas, x, y).cover > 0.999, "(\(x), \(y))")
        }
        #expect(try look(.gas, 0.6, -0.6).color.allSatisfy { $0 < 80 })
    }

    @Test func aShieldShowsTheWholeFace() throws {
        for (x, y) in [(0.0, 0.6), (0.32, -0.2), (-0.32, -0.2), (0, 1)] {
            #expect((0.05...0.9).contains(try look(.shield, x, y).cover), "(\(x), \(y))")
        }
        // Its band.
        #expect(try look(.shield, 0, -0.72).cover > 0.95)
    }

    @Test func coloursAreTheKinds() throws {
        let kn95 = try look(.kn95, -0.3, 0.5).color
        #expect(kn95.allSatisfy { $0 > 180 } && abs(kn95[0] - kn95[2]) < 12, "\(kn95)")
        let medical = try look(.medical, 0, 0.3).color
        #expect(medical[2] > medical[0] + 50 && medical[2] > 180, "\(medical)")
        let cloth = try look(.cloth, -0.3, 0.5).color
        #expect(cloth.allSatisfy { $0 < 150 }, "\(cloth)")
    }

    /// The blunder that a report has to find.
    @Test func medicalAndSurgicalAreOne() throws {
        for seed in 0..<5 as Range<UInt64> {
            #expect(try drawn(.medical, seed: seed, on: .black) == drawn(.surgical, seed: seed, on: .black))
        }
        let seeds = try (0..<5 as Range<UInt64>).map { try drawn(.medical, seed: $0, on: .black).pixels }
        #expect(Set(seeds).count == 5)
        let kinds = try [Mask.cloth, .gas, .kn95, .medical, .shield].map { try drawn($0, seed: 1, on: .black).pixels }
        #expect(Set(kinds).count == 5)
    }
}
