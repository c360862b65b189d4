/// An RGB picture: `height` x `width` x 3 bytes, row-major, top row first, sRGB, no alpha.
public struct Image: Sendable, Equatable {
    public let width: Int
    public let height: Int
    /// `height * width * 3` bytes.
    public var pixels: [UInt8]

    public init(width: Int, height: Int, pixels: [UInt8]) {
        precondition(width > 0 && height > 0, "an image has at least one pixel, got \(width) x \(height)")
        precondition(pixels.count == width * height * 3, "an image of \(width) x \(height) has 3 bytes a pixel")
        self.width = width
        self.height = height
        self.pixels = pixels
    }
}
