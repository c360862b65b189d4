import Foundation

extension Image {
    /// Blurred by a Gaussian of `sigma` pixels, along rows and then columns; beyond the border the border's pixels go on. As
    /// SciPy's `gaussian_filter` with `mode="nearest"` and `truncate=4`, rounded to whole values once.
    /// - Parameter sigma: 0 leaves the picture as it is.
    public func blurred(sigma: Double) -> Image {
        precondition(sigma >= 0, "a width that is not negative")
        let radius = Int(4 * sigma + 0.5)
        guard radius > 0 else { return self }
        var weights = (0...radius).map { exp(-0.5 * Double($0 * $0) / (sigma * sigma)) }
        let sum = weights[0] + 2 * weights.dropFirst().reduce(0, +)
        for index in weights.indices { weights[index] /= sum }
        let source = pixels.map { Double($0) }
        let rows = Self.blur(source, weights, lines: height, length: width, lineStep: width * 3, step: 3)
        let all = Self.blur(rows, weights, lines: width, length: height, lineStep: 3, step: width * 3)
        return Image(
            width: width, height: height, pixels: all.map { UInt8(min(255, max(0, $0.rounded()))) })
    }

    /// Each line of `length` pixels convolved with the weights of distances 0, 1, ….
    private static func blur(
        _ values: [Double], _ weights: [Double], lines: Int, length: Int, lineStep: Int, step: Int
    ) -> [Double] {
        [Double](unsafeUninitializedCapacity: values.count) { result, filled in
            values.withUnsafeBufferPointer { values in
                for line in 0..<lines {
                    for at in 0..<length {
                        let here = line * lineStep + at * step
                        for channel in 0..<3 {
                            var sum = values[here + channel] * weights[0]
                            for distance in 1..<weights.count {
                                let before = line * lineStep + max(0, at - distance) * step
                                let after = line * lineStep + min(length - 1, at + distance) * step
                                sum += (values[before + channel] + values[after + channel]) * weights[distance]
                            }
                            result[here + channel] = sum
                        }
                    }
                }
            }
            filled = values.count
        }
    }
}
