import Evaluation
import Foundation
import Raster

/// fastai's RandomResizedCrop and horizontal flip: a random part of a random shape, resized to a square in one pass.
public struct RandomResizedCrop: Sendable, Equatable {
    public var size: Int
    /// Smallest share of the picture's area.
    public var minScale = 0.08
    public var flipProbability = 0.5

    public init(size: Int, minScale: Double = 0.08, flipProbability: Double = 0.5) {
        self.size = size
        self.minScale = minScale
        self.flipProbability = flipProbability
    }

    /// The part to keep, whole pixels: area uniform, ratio log-uniform in 3/4...4/3, ten tries, then the largest centre
    /// that keeps the ratio's bounds.
    public func box(width: Int, height: Int, _ generator: inout SeededGenerator) -> Box {
        let (low, high) = (3.0 / 4, 4.0 / 3)
        for _ in 0..<10 {
            let area = generator.uniform(minScale, 1) * Double(width * height)
            let ratio = exp(generator.uniform(log(low), log(high)))
            let w = Int((area * ratio).squareRoot().rounded())
            let h = Int((area / ratio).squareRoot().rounded())
            if w > 0, h > 0, w <= width, h <= height {
                return Box(
                    x: Double(generator.integer(below: width - w + 1)),
                    y: Double(generator.integer(below: height - h + 1)), width: Double(w), height: Double(h))
            }
        }
        var (w, h) = (width, height)
        let ratio = Double(width) / Double(height)
        if ratio < low { h = max(1, Int((Double(width) / low).rounded())) }
        if ratio > high { w = max(1, Int((Double(height) * high).rounded())) }
        return Box(x: Double((width - w) / 2), y: Double((height - h) / 2), width: Double(w), height: Double(h))
    }

    /// The augmented picture at `size` x `size`.
    public func apply(_ image: Image, _ generator: inout SeededGenerator) -> Image {
        let part = box(width: image.width, height: image.height, &generator)
        let isFlipped = generator.uniform() < flipProbability
        return image.resized(from: part, cutOut: true, width: size, height: size, mirrored: isFlipped)
    }

    /// A shorter edge of a picture of which no part that is kept has an edge below `size`: a larger one may be reduced to
    /// it, and no part is enlarged. At most one that no picture has.
    public var leastEdge: Int { Int(min(0x1p30, (Double(size) / (minScale * 3 / 4).squareRoot()).rounded(.up))) }
}
