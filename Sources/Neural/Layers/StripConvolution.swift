import CKernels

/// The forward pass of a direct convolution whose windows overlap: a worker copies the input lines under a few lines of
/// outputs, padding included, and multiplies the windows where they lie there. Gathering each window wrote its values
/// kernel^2 / stride^2 times (a ResNet's 7x7 stem at 224 px, 16 images: 12.7 ms so, 8.2 ms now).
struct StripConvolution {
    private let convolution: Convolution

    /// Nil where windows do not overlap, or where their rows would all fall into the same few cache sets.
    init?(_ convolution: Convolution) {
        guard convolution.kernel > 1, convolution.stride * convolution.input.channels % 1024 != 0 else { return nil }
        self.convolution = convolution
    }

    private var width: Int { convolution.output.width }
    private var height: Int { convolution.output.height }
    private var lineStride: Int {
        let line = (convolution.input.width + 2 * convolution.padding) * convolution.input.channels
        return line % 256 == 0 ? line + 16 : line
    }

    private func inputLines(_ lines: Int) -> Int { (lines - 1) * convolution.stride + convolution.kernel }

    /// Lines of outputs at once: about 900 positions over at most 512 KiB of input, all pieces of an image alike.
    private var lines: Int {
        let fitting = ((1 << 17) / lineStride - convolution.kernel) / convolution.stride + 1
        let most = max(1, min(height, 900 / width, fitting))
        let pieces = (height + most - 1) / most
        return (height + pieces - 1) / pieces
    }

    /// Strips of all images.
    var pieces: Int { convolution.input.images * ((height + lines - 1) / lines) }

    private var stripCount: Int { inputLines(lines) * lineStride }

    func scratchCount(_ workers: Workers) -> Int { workers.count * stripCount }

    func forward(
        _ x: UnsafePointer<Float>, _ affine: AssayAffine, _ right: PackedMatrix, _ y: Floats, _ epilogue: Epilogue,
        _ finished: FinishedRows, scratch: Floats, _ workers: Workers
    ) {
        let (lines, lineStride, stripCount, n) = (lines, lineStride, stripCount, right.n)
        let strips = (height + lines - 1) / lines
        let imageSize = convolution.input.height * convolution.input.width * convolution.input.channels
        // One image of 7 x 7 is one strip.
        let columns = MatrixProduct.blockColumns(n, rowPieces: pieces)
        let across = (n + columns - 1) / columns
        workers.run(pieces * across) { part, worker in
            let (piece, block) = (part / across, part % across * columns..<min(n, (part % across + 1) * columns))
            let (image, first) = (piece / strips, piece % strips * lines)
            let count = min(lines, height - first)
            let strip = scratch + worker * stripCount
            assay_gather_strip(
                x + image * imageSize, affine, convolution.window, Int64(first), Int64(count), strip,
                Int64(lineStride))
            let row = (image * height + first) * width
            assay_multiply_windows(
                strip, Int64(lineStride), convolution.window, Int64(count), right.columns(from: block.lowerBound),
                right.panelStride, Int64(block.count), y + row * n + block.lowerBound, Int64(n),
                epilogue.at(row: row, stride: n, column: block.lowerBound))
            finished(row..<row + count * width, channels: block, piece: piece)
        }
    }

    // MARK: Weight gradient

    private var strips: Int { pieces }
    /// Ranges of strips, each with a gradient of its own; these are added in order.
    private var ranges: Int { min(8, strips) }
    private var packedCount: Int {
        PackedMatrix.count(.kernels, k: lines * width, n: convolution.output.channels)
    }

    func gradientScratchCount(_ workers: Workers) -> Int {
        ranges * convolution.weightCount + workers.count * (stripCount + packedCount)
    }

    /// The windows are multiplied where they lie: gathering them cost 4 ms of 12.7 (7x7, 112 x 112, 16 images).
    func backwardWeight(
        _ x: UnsafePointer<Float>, _ affine: AssayAffine, _ dy: UnsafePointer<Float>, _ dWeight: Floats,
        scratch: Floats, _ workers: Workers
    ) {
        let (lines, lineStride, size, n) = (lines, lineStride, convolution.weightCount, convolution.output.channels)
        let (pieces, length) = ((height + lines - 1) / lines, (strips + ranges - 1) / ranges)
        let used = (strips + length - 1) / length
        let imageSize = convolution.input.height * convolution.input.width * convolution.input.channels
        workers.run(over: strips, length: length) { range, worker in
            let strip = scratch + ranges * size + worker * (stripCount + packedCount)
            for index in range {
                let (image, first) = (index / pieces, index % pieces * lines)
                let count = min(lines, height - first)
                assay_gather_strip(
                    x + image * imageSize, affine, convolution.window, Int64(first), Int64(count), strip,
                    Int64(lineStride))
                let right = PackedMatrix(
                    product: .kernels, pointer: strip + stripCount, k: count * width, n: n)
                right.pack(dy + (image * height + first) * width * n, stride: n)
                assay_multiply_windows_gradient(
                    strip, Int64(lineStride), convolution.window, Int64(count), right.pointer, right.panelStride,
                    Int64(n), scratch + range.lowerBound / length * size, index == range.lowerBound ? 0 : 1)
            }
        }
        workers.addUp(scratch, used, count: size, into: dWeight)
    }
}
