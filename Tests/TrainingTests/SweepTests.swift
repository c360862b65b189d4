import Evaluation
import Raster
import Testing
import Training

@Suite struct SweepTests {
    @Test func valuesAreReadAndSorted() throws {
        let sweep = try Sweep(parsing: "size=224,128,460")
        #expect(sweep.factor == .size && sweep.values == [128, 224, 460])
        #expect(try Sweep(parsing: "blur=0.5").values == [0.5])
    }

    @Test(arguments: [
        "", "size", "size=", "size=1", "size=128.5", "size=128,128", "hue=1", "jpeg=0", "jpeg=101", "blur=-1",
        "blur=nan",
        "noise=1,,2", "noise=300", "brightness=1e9", "=3", "blur=0x2", "size=128, 224",
        "blur=" + (0..<51).map { "\(Double($0) / 2)" }.joined(separator: ","),
    ])
    func whatCannotBeUsedIsNamed(_ text: String) throws {
        let error = try #require(throws: InputError.self) { try Sweep(parsing: text) }
        #expect(error.expected != nil && !error.description.contains("\n"))
    }

    private func picture() -> Image {
        Image(width: 16, height: 16, pixels: (0..<768).map { UInt8(($0 * 37) % 200 + 20) })
    }

    @Test func eachFactorChangesItsOwnAlone() throws {
        let plain = try Preprocessing(size: 96, resizeTo: 112)
        let image = picture()
        let small = try ModelView(plain, .size, 48, seed: 1)
        #expect(small.preprocessing.size == 48 && small.preprocessing.resizeTo == 56)
        #expect(small.preprocessing.mean == plain.mean)
        #expect(try small.change(image, 0) == image)
        for factor in Sweep.Factor.allCases where factor != .size {
            let view = try ModelView(plain, factor, factor == .jpeg ? 20 : 2, seed: 1)
            #expect(view.preprocessing == plain)
            #expect(try view.change(image, 0) != image, "\(factor)")
            #expect(try view.change(image, 3) == view.change(image, 3), "\(factor)")
            guard let same = factor.unchanged(plain) else { continue }
            #expect(try ModelView(plain, factor, same, seed: 1).change(image, 0) == image, "\(factor)")
        }
        #expect(try ModelView(plain, .brightness, 2, seed: 1).change(image, 0).pixels[0] == 40)
    }

    /// Of the strength asked for, another on each picture, and the same from a seed.
    @Test func noiseIsNormalAndSeeded() throws {
        let plain = try Preprocessing(size: 64)
        let grey = Image(width: 64, height: 64, pixels: [UInt8](repeating: 128, count: 64 * 64 * 3))
        let view = try ModelView(plain, .noise, 10, seed: 4)
        let noise = try view.change(grey, 0).pixels.map { Double($0) - 128 }
        let mean = noise.reduce(0, +) / Double(noise.count)
        let spread = (noise.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(noise.count)).squareRoot()
        #expect(abs(mean) < 0.3 && abs(spread - 10) < 0.3)
        #expect(try view.change(grey, 0) != view.change(grey, 1))
        #expect(try view.change(grey, 0) != ModelView(plain, .noise, 10, seed: 5).change(grey, 0))
    }
}
