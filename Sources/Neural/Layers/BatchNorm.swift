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

    /// What a forward pass leaves for the readers of its output and for backward, `[channels]` each.
    struct Saved {
        let mean: Floats
        /// 1 / deviation.
        let inverse: Floats
        /// The norm as y = x * scale + shift.
        let scale: Floats
        let shift: Floats

        static func count(channels: Int) -> Int { 4 * channels }

        init(_ pointer: Floats, channels: Int) {
            mean = pointer
            inverse = pointer + channels
            scale = pointer + 2 * channels
            shift = pointer + 3 * channels
        }

        func affine(relu: Bool) -> AssayAffine { AssayAffine(scale: scale, shift: shift, relu: relu ? 1 : 0) }
    }

    /// Takes the batch's statistics into `saved` and moves the running ones (variance unbiased there, as PyTorch).
    func measure(
        _ x: UnsafePointer<Float>, weight: Floats, bias: Floats, runningMean: Floats, runningVariance: Floats,
        _ saved: Saved, _ workers: Workers
    ) {
        let channels = shape.channels
        let count = Double(shape.rows)
        let (sum, squares) = sums(workers) { rows, first, second in
            assay_batchnorm_sums(x + rows.lowerBound * channels, Int64(rows.count), Int64(channels), first, second)
        }
        for c in 0..<channels {
            let mean = sum[c] / count
            let variance = max(0, squares[c] / count - mean * mean)
            let inverse = 1 / (variance + Double(epsilon)).squareRoot()
            saved.mean[c] = Float(mean)
            saved.inverse[c] = Float(inverse)
            saved.scale[c] = weight[c] * Float(inverse)
            saved.shift[c] = bias[c] - Float(mean * inverse * Double(weight[c]))
            let unbiased = shape.rows > 1 ? variance * count / (count - 1) : variance
            runningMean[c] += momentum * (Float(mean) - runningMean[c])
            runningVariance[c] += momentum * (Float(unbiased) - runningVariance[c])
        }
    }

    /// Bits of the ReLU after a norm: which values came through, sixteen channels a word.
    typealias Gates = UnsafeMutablePointer<UInt16>

    /// Floats that the gates take; nil where channels do not fill words.
    var gateCount: Int? { shape.channels % 16 == 0 ? (shape.count + 31) / 32 : nil }

    /// A map larger than any cache: storing it should not first read what was there.
    private var isStreamed: Int32 { shape.count >= 6 << 20 ? 1 : 0 }

    /// y = ReLU(x * scale + shift + the residual, read through `affine`), and its gates.
    func apply(
        _ x: UnsafePointer<Float>, residual: UnsafePointer<Float>, _ affine: AssayAffine, _ saved: Saved, _ y: Floats,
        _ gates: Gates, _ workers: Workers
    ) {
        let channels = shape.channels
        workers.run(over: shape.rows, length: pieceRows) { rows, _ in
            let at = rows.lowerBound * channels
            assay_batchnorm_gated_apply(
                x + at, residual + at, affine, saved.scale, saved.shift, y + at, gates + at / 16, Int64(rows.count),
                Int64(channels), isStreamed)
        }
    }

    /// y = x * scale + shift (+ the residual, read through `affine`), then ReLU.
    func apply(
        _ x: UnsafePointer<Float>, residual: UnsafePointer<Float>?, _ affine: AssayAffine,
        _ scale: UnsafePointer<Float>, _ shift: UnsafePointer<Float>, _ y: Floats, relu: Bool, _ workers: Workers
    ) {
        let channels = shape.channels
        workers.run(over: shape.rows, length: pieceRows) { rows, _ in
            let at = rows.lowerBound * channels
            assay_batchnorm_apply(
                x + at, residual.map { $0 + at }, affine, scale, shift, y + at, Int64(rows.count), Int64(channels),
                relu ? 1 : 0
            )
        }
    }

    /// Gradients of weight and bias, dx (which may be dy itself), and the residual's share. What the ReLU after the norm
    /// let through is read from `gates` or `output`, or, where that was never stored, computed `again` from x.
    func backward(
        _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>, gates: Gates?, output: UnsafePointer<Float>?,
        again: Bool,
        weight: Floats, _ saved: Saved, dWeight: Floats, dBias: Floats, _ dx: Floats, dResidual: Floats?,
        accumulateResidual: Bool, _ workers: Workers
    ) {
        let channels = shape.channels
        let count = Double(shape.rows)
        let affine = again ? saved.affine(relu: true) : .none
        let (sumG, sumGX) = sums(workers) { rows, first, second in
            let at = rows.lowerBound * channels
            if let gates {
                assay_batchnorm_gated_sums(
                    x + at, dy + at, gates + at / 16, saved.mean, Int64(rows.count), Int64(channels), first, second)
            } else {
                assay_batchnorm_gradient_sums(
                    x + at, dy + at, output.map { $0 + at }, affine, saved.mean, Int64(rows.count), Int64(channels),
                    first, second)
            }
        }
        // dx = w/s * (g - mean(g) - xhat * mean(g * xhat)), with xhat = (x - mean) / s.
        var a = [Float](repeating: 0, count: channels)
        var (b, d) = (a, a)
        for c in 0..<channels {
            let s = Double(saved.inverse[c])
            dBias[c] = Float(sumG[c])
            dWeight[c] = Float(sumGX[c] * s)
            a[c] = Float(Double(weight[c]) * s)
            b[c] = Float(-Double(weight[c]) * s * s * s * sumGX[c] / count)
            d[c] = Float(-Double(weight[c]) * s * sumG[c] / count)
        }
        workers.run(over: shape.rows, length: pieceRows) { rows, _ in
            let at = rows.lowerBound * channels
            if let gates {
                return assay_batchnorm_gated_backward(
                    x + at, dy + at, gates + at / 16, saved.mean, a, b, d, dx + at, dResidual.map { $0 + at },
                    accumulateResidual ? 1 : 0, Int64(rows.count), Int64(channels), isStreamed)
            }
            assay_batchnorm_backward(
                x + at, dy + at, output.map { $0 + at }, affine, saved.mean, a, b, d, dx + at,
                dResidual.map { $0 + at }, accumulateResidual ? 1 : 0, Int64(rows.count), Int64(channels))
        }
    }
}

extension BatchNorm {
    /// The norm of an operation over a map; nil for other operations.
    init?(_ operation: Operation, _ shape: MapShape) {
        guard case .batchNorm(_, let epsilon, let momentum) = operation else { return nil }
        self.init(shape: shape, epsilon: epsilon, momentum: momentum)
    }
}
