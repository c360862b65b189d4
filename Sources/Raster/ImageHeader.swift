/// What a file says of its picture before it is decoded. Its sides are as they are stored; EXIF orientation may swap them.
public struct ImageHeader: Sendable, Equatable {
    public let width: Int
    public let height: Int
    /// Whether the decoder can give it at a half, a quarter or an eighth.
    public let canBeReduced: Bool

    public init(width: Int, height: Int, canBeReduced: Bool) {
        (self.width, self.height, self.canBeReduced) = (width, height, canBeReduced)
    }

    /// The sides that `Image.decode(_:named:limits:least:)` gives the picture: reduced as far as its shorter edge keeps
    /// `least` pixels; nil for all of them.
    public func size(least: Int?) -> (width: Int, height: Int) {
        let divisor = divisor(least: least)
        return ((width + divisor - 1) / divisor, (height + divisor - 1) / divisor)
    }

    /// The largest of 8, 4, 2 and 1 that leaves `least` pixels.
    func divisor(least: Int?) -> Int {
        guard let least, canBeReduced else { return 1 }
        return [8, 4, 2].first { min(width, height) / $0 >= least } ?? 1
    }
}
