import Evaluation
import Raster

/// What a picture is like, apart from what it shows.
public struct ImageProperties: Sendable, Equatable {
    /// Mean luma (ITU-R BT.601), 0...255.
    public var brightness: Double
    /// Variance of the luma's 4-neighbour Laplacian (Pech-Pacheco et al., 2000); 0 for less than 3 x 3 pixels.
    public var sharpness: Double
    public var pixels: Double
    /// Width / height.
    public var aspect: Double

    public init(_ image: Image) {
        let (width, height) = (image.width, image.height)
        let luma = (0..<width * height).map { (at: Int) -> Double in
            let (red, green, blue) = (image.pixels[at * 3], image.pixels[at * 3 + 1], image.pixels[at * 3 + 2])
            return Double(299 * Int(red) + 587 * Int(green) + 114 * Int(blue)) / 1000
        }
        brightness = luma.reduce(0, +) / Double(luma.count)
        pixels = Double(luma.count)
        aspect = Double(width) / Double(height)
        sharpness = 0
        guard width > 2, height > 2 else { return }
        var (sum, squares) = (0.0, 0.0)
        for y in 1..<height - 1 {
            for x in 1..<width - 1 {
                let at = y * width + x
                let around = luma[at - 1] + luma[at + 1] + luma[at - width] + luma[at + width]
                let value = around - 4 * luma[at]
                sum += value
                squares += value * value
            }
        }
        let count = Double((width - 2) * (height - 2))
        sharpness = squares / count - (sum / count) * (sum / count)
    }

    /// Quartiles of each property over many pictures.
    public static func slices(_ all: [ImageProperties]) -> [Slice] {
        Slice.byQuantile("brightness", all.map(\.brightness)) + Slice.byQuantile("sharpness", all.map(\.sharpness))
            + Slice.byQuantile("pixels", all.map(\.pixels)) + Slice.byQuantile("aspect", all.map(\.aspect))
    }
}
