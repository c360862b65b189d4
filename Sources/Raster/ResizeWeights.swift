import CKernels

/// For each output pixel along one axis: where its window starts and its fixed-point weights.
struct ResizeWeights {
    private var first: [Int32] = []
    private var count: [Int32] = []
    /// `window` weights an output pixel, a multiple of four.
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
        window = (Int(support.rounded(.up)) * 2 + 2 + 3) / 4 * 4
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
                weights[out * window + index] = Int32(
                    (factor * Double(1 << ASSAY_RESIZE_PRECISION) + 0.5).rounded(.down))
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

    /// Of each four weights the upper halves, then the lower: [newSize, window / 4, 2, 4].
    private var halves: [Int16] {
        let lower = ASSAY_RESIZE_LOWER
        return [Int16](unsafeUninitializedCapacity: 2 * weights.count) { halves, filled in
            for (index, weight) in weights.enumerated() {
                let at = index / 4 * 8 + index % 4
                halves[at] = Int16(weight >> lower)
                halves[at + 4] = Int16(weight & (1 << lower - 1))
            }
            filled = 2 * weights.count
        }
    }

    /// Rows `rows` of `pixels`, each resampled to the new width.
    func alongRows(_ pixels: [UInt8], width: Int, rows: Range<Int>, mirrored: Bool) -> [UInt8] {
        let length = rows.count * first.count * 3
        let halves = halves
        return [UInt8](unsafeUninitializedCapacity: length) { result, filled in
            pixels[(rows.lowerBound * width * 3)..<(rows.upperBound * width * 3)].withUnsafeBufferPointer { source in
                withKernel {
                    assay_resize_rows(
                        source.baseAddress, Int64(rows.count), Int64(width), $0, halves, mirrored ? 1 : 0,
                        result.baseAddress)
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
