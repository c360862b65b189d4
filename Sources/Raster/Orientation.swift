extension Image {
    /// The picture as it is to be seen when its file says EXIF orientation `value` (1...8; others leave it).
    package func oriented(_ value: Int) -> Image {
        guard (2...8).contains(value) else { return self }
        let swaps = value >= 5
        let (newWidth, newHeight) = swaps ? (height, width) : (width, height)
        var result = [UInt8](repeating: 0, count: pixels.count)
        for y in 0..<newHeight {
            for x in 0..<newWidth {
                let (sx, sy): (Int, Int)
                switch value {
                case 2: (sx, sy) = (width - 1 - x, y)
                case 3: (sx, sy) = (width - 1 - x, height - 1 - y)
                case 4: (sx, sy) = (x, height - 1 - y)
                case 5: (sx, sy) = (y, x)
                case 6: (sx, sy) = (y, height - 1 - x)
                case 7: (sx, sy) = (width - 1 - y, height - 1 - x)
                default: (sx, sy) = (width - 1 - y, x)
                }
                let (to, from) = ((y * newWidth + x) * 3, (sy * width + sx) * 3)
                result[to] = pixels[from]
                result[to + 1] = pixels[from + 1]
                result[to + 2] = pixels[from + 2]
            }
        }
        return Image(width: newWidth, height: newHeight, pixels: result)
    }

    /// The mirror image.
    public func flippedHorizontally() -> Image { oriented(2) }
}
