import Evaluation
import Foundation
import Raster

/// A 1280 x 960 JPEG as a camera may leave it.
struct BenchmarkPhoto {
    static let (width, height) = (1280, 960)
    let name: String
    let scene: Scene
    let quality: Int

    enum Scene {
        /// Smooth shapes under grain of at most this many grey levels, the same in all channels.
        case shapes(grain: Double)
        /// Noise of all sizes, strong in some places and absent in others, behind hard edges: as in a photograph, a few
        /// blocks hold most of the bytes.
        case texture
    }

    /// About 120, 190, 420 and 220 kB.
    static let all = [
        BenchmarkPhoto(name: "smooth", scene: .shapes(grain: 0), quality: 85),
        BenchmarkPhoto(name: "typical", scene: .shapes(grain: 4), quality: 88),
        BenchmarkPhoto(name: "grainy", scene: .shapes(grain: 12), quality: 90),
        BenchmarkPhoto(name: "textured", scene: .texture, quality: 88),
    ]

    /// - Parameter number: which of its kind.
    func jpegBytes(_ number: Int) throws -> [UInt8] {
        var random = SeededGenerator(seed: 3, UInt64(number))
        let pixels =
            switch scene {
            case .shapes(let grain): Self.shapes(grain, at: 97 * number, &random)
            case .texture: Self.texture(&random)
            }
        return try Image(width: Self.width, height: Self.height, pixels: pixels.map { UInt8(max(0, min(255, $0))) })
            .jpegBytes(quality: quality)
    }

    private static func shapes(_ grain: Double, at start: Int, _ random: inout SeededGenerator) -> [Double] {
        var pixels: [Double] = []
        for y in 0..<height {
            for x in start..<start + width {
                let grain = random.uniform(-grain, grain)
                let (a, b) = (sin(Double(x) / 37) * cos(Double(y) / 53), sin(Double(x * y) / 9000))
                pixels += [120 + 60 * a + 30 * b, 128 + 50 * b, 110 - 70 * a].map { $0 + grain }
            }
        }
        return pixels
    }

    private static func texture(_ random: inout SeededGenerator) -> [Double] {
        let octaves = (0..<8).map { _ in ValueNoise(&random) }
        let (places, hue, edges) = (ValueNoise(&random), ValueNoise(&random), ValueNoise(&random))
        var pixels: [Double] = []
        for y in 0..<height {
            for x in 0..<width {
                // Half of the picture has no texture.
                let strength = max(0, places[x, y, size: 90] + 0.1)
                var value = 0.0
                for (octave, noise) in octaves.enumerated() {
                    value += noise[x, y, size: Double(2 << octave)] * (octave < 5 ? strength : 0.7)
                }
                let step: Double = edges[x, y, size: 160] > 0.1 ? 45 : -25
                let tint = 30 * hue[x, y, size: 200]
                pixels += [110 + tint, 115, 105 - tint].map { $0 + step + 48 * value }
            }
        }
        return pixels
    }
}

/// Smooth noise of -1...1: random values at the corners of squares, between them interpolated.
private struct ValueNoise {
    private static let side = 1024
    private let corners: [Double]

    init(_ random: inout SeededGenerator) {
        corners = (0..<Self.side * Self.side).map { _ in random.uniform(-1, 1) }
    }

    /// - Parameter size: edge of a square, in pixels.
    subscript(x: Int, y: Int, size size: Double) -> Double {
        let (u, v) = (Double(x) / size, Double(y) / size)
        let (column, row) = (Int(u), Int(v))
        func corner(_ right: Int, _ down: Int) -> Double { corners[(row + down) * Self.side + column + right] }
        func ease(_ t: Double) -> Double { t * t * (3 - 2 * t) }
        let (s, t) = (ease(u - Double(column)), ease(v - Double(row)))
        let top = corner(0, 0) + s * (corner(1, 0) - corner(0, 0))
        let bottom = corner(0, 1) + s * (corner(1, 1) - corner(0, 1))
        return top + t * (bottom - top)
    }
}
