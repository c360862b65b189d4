import CKernels

/// Square convolution over NHWC as matrix products over gathered windows: x `[N, H, W, I]`, weight `[K, K, I, O]`,
/// y `[N, H', W', O]`. A linear layer is the 1x1 case.
struct Convolution {
    let input: MapShape
    let output: MapShape
    let kernel: Int
    let stride: Int
    let padding: Int

    /// What is added to the product while it is in cache.
    struct Epilogue {
        var bias: UnsafePointer<Float>?
        var residual: UnsafePointer<Float>?
        var relu = false
    }

    /// Floats of a window: the shared dimension of the forward product.
    private var columns: Int { kernel * kernel * input.channels }
    /// The input itself is the matrix of windows.
    private var isPointwise: Bool { kernel == 1 && stride == 1 && padding == 0 }

    private var window: AssayWindow {
        AssayWindow(
            height: Int32(input.height), width: Int32(input.width), channels: Int32(input.channels),
            outHeight: Int32(output.height), outWidth: Int32(output.width), kernel: Int32(kernel),
            stride: Int32(stride), padding: Int32(padding))
    }

    // MARK: Pieces, all independent of the number of threads

    /// Output rows of one forward piece: windows of about 2 MiB, and at least eight pieces where rows allow.
    private var forwardRows: Int {
        let most = max(64, min(1024, (1 << 19) / max(columns, 1)))
        var pieces = max((output.rows + most - 1) / most, min(8, output.rows / 128))
        if pieces > 1 { pieces += pieces % 2 }
        return max(1, (output.rows + max(pieces, 1) - 1) / max(pieces, 1))
    }

    /// `forwardRows` when only `images` of the input's images come.
    private func forwardRows(images: Int) -> Int {
        var (input, output) = (input, output)
        input.images = images
        output.images = images
        return Convolution(input: input, output: output, kernel: kernel, stride: stride, padding: padding).forwardRows
    }

    /// Images of one data-gradient piece: windows overlap within an image, so an image is never split.
    private var backwardImages: Int {
        let area = output.height * output.width
        return max(1, min(max(1, input.images / 2), (128 + area - 1) / max(area, 1)))
    }

    /// Rows gathered at once within a piece of the gradients.
    private var backwardRows: Int { max(32, min(512, (1 << 19) / max(columns, 1))) }

    /// Few input channels: gather whole windows and sum a fixed number of partial gradients. Else one tap a piece.
    private var sumsPartials: Bool { input.channels < 16 }
    private var partials: Int { max(1, min(8, output.rows / 256)) }

    /// Floats of scratch that `workers` need; in inference for any number of images up to the input's.
    func workspace(_ workers: Workers, training: Bool) -> Int {
        var floats = isPointwise ? 0 : workers.count * forwardRows * columns
        guard training else {
            // Fewer images can mean fewer and longer pieces.
            return isPointwise ? 0 : workers.count * columns * ((1...max(1, input.images)).map(forwardRows).max() ?? 0)
        }
        if !isPointwise { floats = max(floats, workers.count * backwardRows * columns) }
        let gradient = sumsPartials ? partials * columns * output.channels : 0
        return max(floats, gradient + workers.count * backwardRows * columns)
    }

    // MARK: Forward

    /// y = x * weight, then the epilogue.
    func forward(
        _ x: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, _ y: Floats, _ epilogue: Epilogue,
        scratch: Floats, _ workers: Workers
    ) {
        let (k, o, length) = (columns, output.channels, forwardRows)
        workers.run(over: output.rows, length: length) { rows, worker in
            var a = x + rows.lowerBound * k
            if !isPointwise {
                let gathered = scratch + worker * length * k
                assay_im2col(x, gathered, window, Int64(rows.lowerBound), Int64(rows.count))
                a = UnsafePointer(gathered)
            }
            let target = y + rows.lowerBound * o
            BLAS.multiply(m: rows.count, n: o, k: k, a, k, weight, o, beta: 0, target, o)
            if epilogue.bias != nil || epilogue.residual != nil || epilogue.relu {
                assay_epilogue(
                    target, epilogue.bias, epilogue.residual.map { $0 + rows.lowerBound * o }, Int64(rows.count),
                    Int64(o), epilogue.relu ? 1 : 0)
            }
        }
    }

    // MARK: Backward

    /// dx (+)= dy * weight^T, scattered back to the windows.
    func backwardData(
        _ dy: UnsafePointer<Float>, _ weight: UnsafePointer<Float>, _ dx: Floats, accumulate: Bool, scratch: Floats,
        _ workers: Workers
    ) {
        let (k, o) = (columns, output.channels)
        if isPointwise {
            workers.run(over: output.rows, length: forwardRows) { rows, _ in
                BLAS.multiply(
                    m: rows.count, n: k, k: o, dy + rows.lowerBound * o, o, weight, o, bT: true,
                    beta: accumulate ? 1 : 0, dx + rows.lowerBound * k, k)
            }
            return
        }
        let area = output.height * output.width
        let imageSize = input.height * input.width * input.channels
        workers.run(over: input.images, length: backwardImages) { images, worker in
            let gathered = scratch + worker * backwardRows * k
            if !accumulate {
                (dx + images.lowerBound * imageSize).update(repeating: 0, count: images.count * imageSize)
            }
            for first in Swift.stride(from: images.lowerBound * area, to: images.upperBound * area, by: backwardRows) {
                let count = min(backwardRows, images.upperBound * area - first)
                BLAS.multiply(m: count, n: k, k: o, dy + first * o, o, weight, o, bT: true, beta: 0, gathered, k)
                assay_col2im_add(gathered, dx, window, Int64(first), Int64(count))
            }
        }
    }

    /// dWeight = windows(x)^T * dy; overwritten.
    func backwardWeight(
        _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>, _ dWeight: Floats, scratch: Floats, _ workers: Workers
    ) {
        if sumsPartials {
            sumPartialGradients(x, dy, dWeight, scratch, workers)
        } else {
            gradientByTap(x, dy, dWeight, scratch, workers)
        }
    }

    private func sumPartialGradients(
        _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>, _ dWeight: Floats, _ scratch: Floats, _ workers: Workers
    ) {
        let (k, o, size) = (columns, output.channels, columns * output.channels)
        let length = (output.rows + partials - 1) / partials
        let gather = scratch + partials * size
        workers.run(partials) { piece, worker in
            let partial = scratch + piece * size
            partial.update(repeating: 0, count: size)
            let gathered = gather + worker * backwardRows * k
            let end = min(output.rows, (piece + 1) * length)
            for first in Swift.stride(from: min(piece * length, end), to: end, by: backwardRows) {
                let count = min(backwardRows, end - first)
                assay_im2col(x, gathered, window, Int64(first), Int64(count))
                BLAS.multiply(m: k, n: o, k: count, gathered, k, aT: true, dy + first * o, o, beta: 1, partial, o)
            }
        }
        for piece in 0..<partials {
            assay_accumulate(scratch + piece * size, dWeight, piece == 0 ? 0 : 1, Int64(size))
        }
    }

    private func gradientByTap(
        _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>, _ dWeight: Floats, _ scratch: Floats, _ workers: Workers
    ) {
        let (channels, o, taps) = (input.channels, output.channels, kernel * kernel)
        let slices = max(1, min(channels / 32, (8 + taps - 1) / taps * 2))
        let width = (channels + slices - 1) / slices
        workers.run(taps * slices) { piece, worker in
            let (tap, first) = (piece / slices, piece % slices * width)
            let count = min(width, channels - first)
            guard count > 0 else { return }
            let target = dWeight + (tap * channels + first) * o
            let gathered = scratch + worker * backwardRows * columns
            for row in Swift.stride(from: 0, to: output.rows, by: backwardRows) {
                let rows = min(backwardRows, output.rows - row)
                var (a, lda) = (x + row * channels + first, channels)
                if !isPointwise {
                    assay_im2col_tap(
                        x, gathered, window, Int32(tap / kernel), Int32(tap % kernel), Int32(first), Int32(count),
                        Int64(row), Int64(rows))
                    (a, lda) = (UnsafePointer(gathered), count)
                }
                BLAS.multiply(
                    m: count, n: o, k: rows, a, lda, aT: true, dy + row * o, o, beta: row == 0 ? 0 : 1, target, o)
            }
        }
    }

    /// dBias[c] = sum of dy over rows.
    func backwardBias(_ dy: UnsafePointer<Float>, _ dBias: Floats) {
        var sums = [Double](repeating: 0, count: output.channels)
        assay_column_sums(dy, Int64(output.rows), Int64(output.channels), &sums)
        for c in 0..<output.channels { dBias[c] = Float(sums[c]) }
    }
}
