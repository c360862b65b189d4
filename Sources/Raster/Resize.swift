import CKernels

/// A part of a picture in pixels, edges not necessarily whole.
public struct Box: Sendable, Equatable {
    public var x: Double
    public var y: Double
    public var width: Double
    public var height: Double

    public init(x: Double, y: Double, width: Double, height: Double) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }
}

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

    /// The mirror image.
    public func flippedHorizontally() -> Image { oriented(2) }
}

/// For each output pixel along one axis: where its window starts and its fixed-point weights.
struct ResizeWeights {
    private static let precision = 22
    private var first: [Int32] = []
    private var count: [Int32] = []
    /// `window` weights an output pixel, an even number.
    private var weights: [Int32]
    private let window: Int

    /// - Parameters:
    ///   - pixels: those that may be read.
    ///   - start, end: what becomes the new size.
    init(from pixels: Range<Int>, _ start: Double, _ end: Double, to newSize: Int) {
        let (size, start, end) = (
            pixels.count, start - Double(pixels.lowerBound), end - Double(pixels.lowerBound)
        )
        let scale = (end - start) / Double(newSize)
        let filterScale = max(scale, 1)
        let support = filterScale  // the triangle's radius is 1
        window = Int(support.rounded(.up)) * 2 + 2
        weights = Array(repeating: 0, count: window * newSize)
        first.reserveCapacity(newSize)
        count.reserveCapacity(newSize)
        var factors = [Double](repeating: 0, count: window)
        for out in 0..<newSize {
            let center = start + (Double(out) + 0.5) * scale
            let low = max(0, Int(center - support + 0.5))
            let high = min(size, Int(center + support + 0.5))
            let length = max(0, high - low)
            var total = 0.0
            for index in 0..<length {
                let factor = max(0, 1 - abs((Double(low + index) - center + 0.5) / filterScale))
                factors[index] = factor
                total += factor
            }
            first.append(Int32(pixels.lowerBound + low))
            count.append(Int32(length))
            for index in 0..<length {
                let factor = total == 0 ? factors[index] : factors[index] / total
                weights[out * window + index] = Int32((factor * Double(1 << Self.precision) + 0.5).rounded(.down))
            }
        }
    }

    /// The first row that the windows read, and the one after the last.
    var firstRow: Int { Int(first.first ?? 0) }
    var endRow: Int { Int((first.last ?? 0) + (count.last ?? 0)) }

    private func withKernel(_ body: (AssayResizing) -> Void) {
        first.withUnsafeBufferPointer { first in
            count.withUnsafeBufferPointer { count in
                weights.withUnsafeBufferPointer { weights in
                    body(
                        AssayResizing(
                            first: first.baseAddress, count: count.baseAddress, weights: weights.baseAddress,
                            window: Int64(window), size: Int64(first.count)))
                }
            }
        }
    }

    /// Rows `rows` of `pixels`, each resampled to the new width.
    func alongRows(_ pixels: [UInt8], width: Int, rows: Range<Int>, mirrored: Bool) -> [UInt8] {
        let length = rows.count * first.count * 3
        return [UInt8](unsafeUninitializedCapacity: length) { result, filled in
            pixels[(rows.lowerBound * width * 3)..<(rows.upperBound * width * 3)].withUnsafeBufferPointer { source in
                withKernel {
                    assay_resize_rows(
                        source.baseAddress, Int64(rows.count), Int64(width), $0, mirrored ? 1 : 0, result.baseAddress)
                }
            }
            filled = length
        }
    }

    /// Columns of `pixels`, whose first row is `firstRow` of the picture, resampled to the new height.
    func alongColumns(_ pixels: [UInt8], width: Int, firstRow: Int) -> [UInt8] {
        let stride = width * 3
        var moved = self
        if firstRow > 0 { moved.first = first.map { $0 - Int32(firstRow) } }
        return [UInt8](unsafeUninitializedCapacity: first.count * stride) { result, filled in
            pixels.withUnsafeBufferPointer { source in
                moved.withKernel { assay_resize_columns(source.baseAddress, Int64(stride), $0, result.baseAddress) }
            }
            filled = first.count * stride
        }
    }
}
