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
    public func resized(from box: Box? = nil, width newWidth: Int, height newHeight: Int) -> Image {
        precondition(newWidth > 0 && newHeight > 0, "expected a positive size, got \(newWidth) x \(newHeight)")
        let box = box ?? Box(x: 0, y: 0, width: Double(width), height: Double(height))
        precondition(
            box.x >= 0 && box.y >= 0 && box.width > 0 && box.height > 0 && box.x + box.width <= Double(width) + 1e-6
                && box.y + box.height <= Double(height) + 1e-6, "\(box) lies outside \(width) x \(height)")
        let horizontal = ResizeWeights(from: width, box.x, box.x + box.width, to: newWidth)
        let vertical = ResizeWeights(from: height, box.y, box.y + box.height, to: newHeight)
        let needsHorizontal = newWidth != width || box.x != 0 || box.width != Double(newWidth)
        let needsVertical = newHeight != height || box.y != 0 || box.height != Double(newHeight)
        var source = pixels
        var firstRow = 0
        if needsHorizontal {
            // Only the rows that the vertical pass reads.
            firstRow = needsVertical ? vertical.first[0] : 0
            let end = needsVertical ? (vertical.first[newHeight - 1] + vertical.count[newHeight - 1]) : height
            source = horizontal.alongRows(pixels, width: width, rows: firstRow..<end)
        }
        if needsVertical { source = vertical.alongColumns(source, width: newWidth, firstRow: firstRow) }
        return Image(width: newWidth, height: newHeight, pixels: source)
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
    static let precision = 22
    private(set) var first: [Int]
    private(set) var count: [Int]
    /// `window` weights an output pixel.
    private var weights: [Int32]
    private let window: Int

    init(from size: Int, _ start: Double, _ end: Double, to newSize: Int) {
        let scale = (end - start) / Double(newSize)
        let filterScale = max(scale, 1)
        let support = filterScale  // the triangle's radius is 1
        window = Int(support.rounded(.up)) * 2 + 1
        first = []
        count = []
        weights = Array(repeating: 0, count: window * newSize)
        for out in 0..<newSize {
            let center = start + (Double(out) + 0.5) * scale
            let low = max(0, Int(center - support + 0.5))
            let high = min(size, Int(center + support + 0.5))
            var factors = (low..<max(high, low)).map { index in
                max(0, 1 - abs((Double(index) - center + 0.5) / filterScale))
            }
            let total = factors.reduce(0, +)
            if total != 0 { factors = factors.map { $0 / total } }
            first.append(low)
            count.append(factors.count)
            for (index, factor) in factors.enumerated() {
                weights[out * window + index] = Int32((factor * Double(1 << Self.precision) + 0.5).rounded(.down))
            }
        }
    }

    private static func byte(_ sum: Int32) -> UInt8 { UInt8(max(0, min(255, sum >> Int32(precision)))) }

    /// Rows `rows` of `pixels`, each resampled to the new width.
    func alongRows(_ pixels: [UInt8], width: Int, rows: Range<Int>) -> [UInt8] {
        let newWidth = first.count
        return [UInt8](unsafeUninitializedCapacity: rows.count * newWidth * 3) { result, filled in
            pixels.withUnsafeBufferPointer { source in
                weights.withUnsafeBufferPointer { weights in
                    for row in rows {
                        let line = row * width * 3
                        var to = (row - rows.lowerBound) * newWidth * 3
                        for out in 0..<newWidth {
                            var (r, g, b) = (Int32(1 << (Self.precision - 1)), Int32(0), Int32(0))
                            (g, b) = (r, r)
                            var from = line + first[out] * 3
                            for k in 0..<count[out] {
                                let weight = weights[out * window + k]
                                r &+= Int32(source[from]) &* weight
                                g &+= Int32(source[from + 1]) &* weight
                                b &+= Int32(source[from + 2]) &* weight
                                from += 3
                            }
                            result[to] = Self.byte(r)
                            result[to + 1] = Self.byte(g)
                            result[to + 2] = Self.byte(b)
                            to += 3
                        }
                    }
                }
            }
            filled = rows.count * newWidth * 3
        }
    }

    /// Columns of `pixels`, whose first row is `firstRow` of the picture, resampled to the new height.
    func alongColumns(_ pixels: [UInt8], width: Int, firstRow: Int) -> [UInt8] {
        let newHeight = first.count
        let stride = width * 3
        return [UInt8](unsafeUninitializedCapacity: newHeight * stride) { result, filled in
            pixels.withUnsafeBufferPointer { source in
                withUnsafeTemporaryAllocation(of: Int32.self, capacity: stride) { sums in
                    for out in 0..<newHeight {
                        for x in 0..<stride { sums[x] = 1 << Int32(Self.precision - 1) }
                        for k in 0..<count[out] {
                            let weight = weights[out * window + k]
                            let line = (first[out] - firstRow + k) * stride
                            for x in 0..<stride { sums[x] &+= Int32(source[line + x]) &* weight }
                        }
                        for x in 0..<stride { result[out * stride + x] = Self.byte(sums[x]) }
                    }
                }
            }
            filled = newHeight * stride
        }
    }
}
