import Evaluation
import Raster

/// How a model sees pictures: its preprocessing, and what is done to the prepared picture before it is normalised.
public struct ModelView: Sendable {
    public var preprocessing: Preprocessing
    /// From the picture at the network's size and its place among those that are scored.
    public var change: @Sendable (Image, Int) throws -> Image

    public init(
        _ preprocessing: Preprocessing, change: @escaping @Sendable (Image, Int) throws -> Image = { image, _ in image }
    ) {
        self.preprocessing = preprocessing
        self.change = change
    }

    /// The view of a model with one factor set to `value`.
    /// - Parameter seed: of the noise. A picture has the same noise at every value, but for its strength.
    /// - Throws: `InputError` if the size cannot be used.
    public init(_ preprocessing: Preprocessing, _ factor: Sweep.Factor, _ value: Double, seed: UInt64) throws {
        switch factor {
        case .size:
            // What is cut off around the middle stays the same share.
            let edge = Double(preprocessing.resizeTo) * value / Double(preprocessing.size)
            self.init(
                try Preprocessing(
                    size: Int(value), resize: preprocessing.resize, resizeTo: max(Int(value), Int(edge.rounded())),
                    mean: preprocessing.mean, std: preprocessing.std))
        case .blur: self.init(preprocessing) { image, _ in image.blurred(sigma: value) }
        case .noise:
            self.init(preprocessing) { image, place in
                var random = SeededGenerator(seed: seed, 12, UInt64(place))
                return Self.map(image) { $0 + value * random.normal() }
            }
        case .jpeg:
            self.init(preprocessing) { image, _ in
                try Image(decoding: image.jpegBytes(quality: Int(value)), named: "the picture as JPEG")
            }
        case .brightness: self.init(preprocessing) { image, _ in Self.map(image) { $0 * value } }
        }
    }

    private static func map(_ image: Image, _ change: (Double) -> Double) -> Image {
        Image(
            width: image.width, height: image.height,
            pixels: image.pixels.map { UInt8(min(255, max(0, change(Double($0)).rounded()))) })
    }
}
