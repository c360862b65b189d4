import Evaluation
import Raster
import Testing
import Training

@Suite struct ImagePropertiesTests {
    @Test func propertiesByHand() {
        // One white pixel in the middle of black.
        var pixels = [UInt8](repeating: 0, count: 4 * 3 * 3)
        for channel in 0..<3 { pixels[(4 + 1) * 3 + channel] = 255 }
        let found = ImageProperties(Image(width: 4, height: 3, pixels: pixels))
        #expect(found.pixels == 12 && found.aspect == 4.0 / 3)
        #expect(abs(found.brightness - 255.0 / 12) < 1e-12)
        // The Laplacian is -1020 there and 255 beside it.
        let mean = (-1020.0 + 255) / 2
        let deviations = [-1020 - mean, 255 - mean]
        #expect(abs(found.sharpness - (deviations[0] * deviations[0] + deviations[1] * deviations[1]) / 2) < 1e-6)
        #expect(ImageProperties(Image(width: 1, height: 1, pixels: [9, 9, 9])).sharpness == 0)
    }
}
