extension Image {
    /// The pixels of a whole-numbered rectangle inside the picture.
    public func cropped(x: Int, y: Int, width newWidth: Int, height newHeight: Int) -> Image {
        precondition(
            x >= 0 && y >= 0 && newWidth > 0 && newHeight > 0 && x + newWidth <= width && y + newHeight <= height,
            "(\(x), \(y)) \(newWidth) x \(newHeight) lies outside \(width) x \(height)")
        var result: [UInt8] = []
        result.reserveCapacity(newWidth * newHeight * 3)
        for row in y..<y + newHeight {
            result += pixels[(row * width + x) * 3..<(row * width + x + newWidth) * 3]
        }
        return Image(width: newWidth, height: newHeight, pixels: result)
    }
}
