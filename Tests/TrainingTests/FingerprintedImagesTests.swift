import Evaluation
import Foundation
import Raster
import Testing
import Training

@Suite struct FingerprintedImagesTests {
    @Test func theHashHasTheBitsOfTheCosineTransformsDefinition() {
        var random = SeededGenerator(seed: 2)
        let levels = (0..<1024).map { _ in UInt8(random.integer(below: 256)) }
        let grey = levels.map(Double.init)
        let image = Image(width: 32, height: 32, pixels: levels.flatMap { [$0, $0, $0] })
        var frequencies: [Double] = []
        for v in 0..<8 {
            for u in 0..<8 where u + v > 0 {
                var sum = 0.0
                for y in 0..<32 {
                    for x in 0..<32 {
                        let along: Double = cos(Double.pi * Double((2 * x + 1) * u) / 64)
                        let down: Double = cos(Double.pi * Double((2 * y + 1) * v) / 64)
                        sum += grey[y * 32 + x] * along * down
                    }
                }
                if u == 0 { sum *= 0.5.squareRoot() }
                if v == 0 { sum *= 0.5.squareRoot() }
                frequencies.append(sum)
            }
        }
        let median = frequencies.sorted()[31]
        let bits = frequencies.reduce(UInt64(0)) { bits, value in bits * 2 + (value > median ? 1 : 0) }
        #expect(ImageFingerprint(name: "a", image: image).hash == bits)
        #expect(bits.nonzeroBitCount == 31)
    }

    @Test func aSavedAgainAndBrightenedPictureIsNearAndAnotherIsNot() throws {
        func picture(_ seed: UInt64) -> Image {
            var random = SeededGenerator(seed: seed)
            let blocks = (0..<25 * 3).map { _ in UInt8(random.integer(below: 240)) }
            let pixels = (0..<60 * 60 * 3).map { (at: Int) -> UInt8 in
                let (x, y, channel) = (at / 3 % 60, at / 180, at % 3)
                return blocks[(y / 12 * 5 + x / 12) * 3 + channel]
            }
            return Image(width: 60, height: 60, pixels: pixels)
        }
        let first = picture(1)
        var again = try Image(decoding: first.jpegBytes(quality: 80), named: "b")
        again.pixels = again.pixels.map { UInt8(min(255, Int($0) + 6)) }
        let prints = [("a", first), ("b", again), ("c", first), ("d", picture(2))].map {
            ImageFingerprint(name: $0.0, image: $0.1)
        }
        let table = LabelTable(rows: prints.map { .init(name: $0.name, labels: ["x"]) })
        let found = DuplicateImages.find(prints, table)
        #expect(found.map { [$0.kind.rawValue, $0.first, $0.second] } == [["exact", "a", "c"], ["near", "a", "b"]])
    }
}
