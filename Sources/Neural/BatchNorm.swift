import CKernels

/// Batch normalisation over all axes but the last (Ioffe & Szegedy, 2015), with the residual add and the ReLU that
/// follow it in the same pass: y = relu?(weight * (x - mean) / sqrt(variance + epsilon) + bias + residual?).
struct BatchNorm {
    let shape: MapShape
    let epsilon: Float
    /// Share of the new batch in the running statistics.
    let momentum: Float

    /// Statistics are summed over a fixed number of row ranges, in order.
    private var pieces: Int { max(1, min(16, shape.rows / 64)) }
    private var pieceRows: Int { (shape.rows + pieces - 1) / pieces }

    /// Two sums a channel over all rows, in double: `body` fills both for one range of rows.
    private func sums(
        _ workers: Workers, _ body: (Range<Int>, UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>) -> Void
    ) -> (first: [Double], second: [Double]) {
        let channels = shape.channels
        let ranges = (shape.rows + pieceRows - 1) / pieceRows
        let partial = UnsafeMutablePointer<Double>.allocate(capacity: ranges * 2 * channels)
        defer { partial.deallocate() }
        workers.run(over: shape.rows, length: pieceRows) { rows, _ in
            let at = partial + rows.lowerBound / pieceRows * 2 * channels
            body(rows, at, at + channels)
        }
        var first = [Double](repeating: 0, count: channels)
        var second = first
        for range in 0..<ranges {
            for c in 0..<channels {
                first[c] += partial[range * 2 * channels + c]
                second[c] += partial[(range * 2 + 1) * channels + c]
            }
        }
        return (first, second)
    }

    /// Normalises with the batch's statistics and moves the running ones (variance unbiased there, as PyTorch).
    /// `saved` [2 * channels] receives mean and 1 / deviation for the backward pass.
    func forward(
        _ x: UnsafePointer<Float>, residual: UnsafePointer<Float>?, weight: Floats, bias: Floats,
        runningMean: Floats, runningVariance: Floats, _ y: Floats, saved: Floats, relu: Bool, _ workers: Workers
    ) {
        let channels = shape.channels
        let count = Double(shape.rows)
        let (sum, squares) = sums(workers) { rows, first, second in
            assay_batchnorm_sums(x + rows.lowerBound * channels, Int64(rows.count), Int64(channels), first, second)
        }
        var scale = [Float](repeating: 0, count: channels)
        var shift = scale
        for c in 0..<channels {
            let mean = sum[c] / count
            let variance = max(0, squares[c] / count - mean * mean)
            let inverse = 1 / (variance + Double(epsilon)).squareRoot()
            saved[c] = Float(mean)
            saved[channels + c] = Float(inverse)
            scale[c] = weight[c] * Float(inverse)
            shift[c] = bias[c] - Float(mean * inverse * Double(weight[c]))
            let unbiased = shape.rows > 1 ? variance * count / (count - 1) : variance
            runningMean[c] += momentum * (Float(mean) - runningMean[c])
            runningVariance[c] += momentum * (Float(unbiased) - runningVariance[c])
        }
        apply(x, residual: residual, scale, shift, y, relu: relu, workers)
    }

    /// y = x * scale + shift (+ residual), then ReLU.
    func apply(
        _ x: UnsafePointer<Float>, residual: UnsafePointer<Float>?, _ scale: [Float], _ shift: [Float], _ y: Floats,
        relu: Bool, _ workers: Workers
    ) {
        let channels = shape.channels
        workers.run(over: shape.rows, length: pieceRows) { rows, _ in
            let at = rows.lowerBound * channels
            assay_batchnorm_apply(
                x + at, residual.map { $0 + at }, scale, shift, y + at, Int64(rows.count), Int64(channels), relu ? 1 : 0
            )
        }
    }

    /// Gradients of weight and bias, dx, and the residual's share. `output` is y where a ReLU followed, else nil.
    func backward(
        _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>, output: UnsafePointer<Float>?, weight: Floats,
        saved: UnsafePointer<Float>, dWeight: Floats, dBias: Floats, _ dx: Floats, dResidual: Floats?,
        accumulateResidual: Bool, _ workers: Workers
    ) {
        let channels = shape.channels
        let count = Double(shape.rows)
        let (mean, inverse) = (saved, saved + channels)
        let (sumG, sumGX) = sums(workers) { rows, first, second in
            let at = rows.lowerBound * channels
            assay_batchnorm_gradient_sums(
                x + at, dy + at, output.map { $0 + at }, mean, Int64(rows.count), Int64(channels), first, second)
        }
        // dx = w/s * (g - mean(g) - xhat * mean(g * xhat)), with xhat = (x - mean) / s.
        var a = [Float](repeating: 0, count: channels)
        var (b, d) = (a, a)
        for c in 0..<channels {
            let s = Double(inverse[c])
            dBias[c] = Float(sumG[c])
            dWeight[c] = Float(sumGX[c] * s)
            a[c] = Float(Double(weight[c]) * s)
            b[c] = Float(-Double(weight[c]) * s * s * s * sumGX[c] / count)
            d[c] = Float(-Double(weight[c]) * s * sumG[c] / count)
        }
        workers.run(over: shape.rows, length: pieceRows) { rows, _ in
            let at = rows.lowerBound * channels
            assay_batchnorm_backward(
                x + at, dy + at, output.map { $0 + at }, mean, a, b, d, dx + at, dResidual.map { $0 + at },
                accumulateResidual ? 1 : 0, Int64(rows.count), Int64(channels))
        }
    }
}
