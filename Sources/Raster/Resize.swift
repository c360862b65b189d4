extension Image {
    /// The part `box` (default: all) at `width` x `height`: bilinear with antialiasing, Pillow's arithmetic step by
    /// step (triangle filter widened by the scale, 22-bit fixed-point weights, rounding to bytes between the passes).
    /// - Parameters:
    ///   - cutOut: whether the part, of whole pixels, is as if cut out before, as torchvision and fastai do; else pixels
    ///     around it show at its edges, as with the `box` of Pillow's `resize`.
    ///   - mirrored: from right to left.
    public func resized(
        from box: Box? = nil, cutOut: Bool = false, width newWidth: Int, height newHeight: Int, mirrored: Bool = false
    ) -> Image {
        precondition(newWidth > 0 && newHeight > 0, "expected a positive size, got \(newWidth) x \(newHeight)")
        let box = box ?? Box(x: 0, y: 0, width: Double(width), height: Double(height))
        precondition(
            box.x >= 0 && box.y >= 0 && box.width > 0 && box.height > 0 && box.x + box.width <= Double(width) + 1e-6
                && box.y + box.height <= Double(height) + 1e-6, "\(box) lies outside \(width) x \(height)")
        let columns = cutOut ? Int(box.x)..<Int(box.x + box.width) : 0..<width
        let rows = cutOut ? Int(box.y)..<Int(box.y + box.height) : 0..<height
        let horizontal = ResizeWeights(from: columns, box.x, box.x + box.width, to: newWidth)
        let vertical = ResizeWeights(from: rows, box.y, box.y + box.height, to: newHeight)
        let needsHorizontal = newWidth != width || box.x != 0 || box.width != Double(newWidth)
        let needsVertical = newHeight != height || box.y != 0 || box.height != Double(newHeight)
        guard needsHorizontal || needsVertical else { return mirrored ? flippedHorizontally() : self }
        var source = pixels
        var firstRow = 0
        if needsHorizontal {
            // Only the rows that the vertical pass reads.
            firstRow = needsVertical ? vertical.firstRow : 0
            source = horizontal.alongRows(
                pixels, width: width, rows: firstRow..<(needsVertical ? vertical.endRow : height), mirrored: mirrored)
        }
        if needsVertical { source = vertical.alongColumns(source, width: newWidth, firstRow: firstRow) }
        let result = Image(width: newWidth, height: newHeight, pixels: source)
        return mirrored && !needsHorizontal ? result.flippedHorizontally() : result
    }
}
