import Evaluation
import Foundation
import Raster

/// A 1280 x 960 JPEG as a camera may leave it: smooth shapes under more or less grain, which is what its bytes go to.
struct BenchmarkPhoto {
    static let (width, height) = (1280, 960)
    let name: String
    /// Largest change of a pixel, the same in all channels.
    let grain: Double
    let quality: Int

    /// About 120, 190 and 420 kB.
    static let all = [
        BenchmarkPhoto(name: "smooth", grain: 0, quality: 85), BenchmarkPhoto(name: "typical", grain: 4, quality: 88),
        BenchmarkPhoto(name: "grainy", grain: 12, quality: 90),
    ]

    func jpegBytes() throws -> [UInt8] {
        var random = SeededGenerator(seed: 3)
        var pixels: [UInt8] = []
        pixels.reserveCapacity(Self.width * Self.height * 3)
        for y in 0..<Self.height {
            for x in 0..<Self.width {
                let grain = random.uniform(-grain, grain)
                let (a, b) = (sin(Double(x) / 37) * cos(Double(y) / 53), sin(Double(x * y) / 9000))
                for value in [120 + 60 * a + 30 * b, 128 + 50 * b, 110 - 70 * a] {
                    pixels.append(UInt8(max(0, min(255, value + grain))))
                }
            }
        }
        return try Image(width: Self.width, height: Self.height, pixels: pixels).jpegBytes(quality: quality)
    }
}
