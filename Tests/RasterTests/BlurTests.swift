import Foundation
import Raster
import Testing

@Suite struct BlurTests {
    /// Every pixel as the sum over all of its neighbours in both directions at once.
    @Test func blurIsTheSumOverAllNeighbours() {
        let (width, height, sigma) = (9, 7, 1.3)
        let pixels = (0..<width * height * 3).map { UInt8(truncatingIfNeeded: $0 &* 7919 >> 3) }
        let blurred = Image(width: width, height: height, pixels: pixels).blurred(sigma: sigma)
        let radius = Int(4 * sigma + 0.5)
        for y in 0..<height {
            for x in 0..<width {
                for channel in 0..<3 {
                    var (sum, weights) = (0.0, 0.0)
                    for dy in -radius...radius {
                        for dx in -radius...radius {
                            let weight = exp(-Double(dx * dx + dy * dy) / (2 * sigma * sigma))
                            let (px, py) = (min(width - 1, max(0, x + dx)), min(height - 1, max(0, y + dy)))
                            sum += weight * Double(pixels[(py * width + px) * 3 + channel])
                            weights += weight
                        }
                    }
                    let got = Double(blurred.pixels[(y * width + x) * 3 + channel])
                    #expect(abs(got - sum / weights) <= 0.5 + 1e-9)
                }
            }
        }
        let image = Image(width: width, height: height, pixels: pixels)
        #expect(image.blurred(sigma: 0) == image)
        let even = Image(width: 3, height: 3, pixels: [UInt8](repeating: 77, count: 27))
        #expect(even.blurred(sigma: 5) == even)
    }
}
