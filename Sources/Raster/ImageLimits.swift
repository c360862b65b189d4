/// What a reader accepts before it allocates.
public struct ImageLimits: Sendable {
    public var maximumPixels: Int
    public var maximumBytes: Int

    public init(maximumPixels: Int = 89_478_485, maximumBytes: Int = 1 << 30) {
        self.maximumPixels = maximumPixels
        self.maximumBytes = maximumBytes
    }

    /// Pillow's 89 megapixels.
    public static let standard = ImageLimits()

    func check(width: Int, height: Int, file: String) throws {
        guard width > 0, height > 0 else {
            throw ImageError(file: file, problem: "has no pixels; expected at least 1 x 1, got \(width) x \(height)")
        }
        let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
        guard !overflow, pixels <= maximumPixels else {
            throw ImageError(
                file: file, problem: "is too large; expected at most \(maximumPixels) pixels, got \(width) x \(height)")
        }
    }
}
