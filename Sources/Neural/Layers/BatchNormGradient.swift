import CKernels

extension BatchNorm {
    /// What the ReLU after the norm let through: everything, what its `gates` say or where its stored `output` is positive,
    /// or, where neither was stored, what is computed `again` from x.
    enum Passed {
        case all
        case gates(Gates)
        case output(UnsafePointer<Float>)
        case again
    }

    private func stored(_ passed: Passed) -> UnsafePointer<Float>? {
        if case .output(let output) = passed { return output }
        return nil
    }

    private func affine(_ passed: Passed, _ saved: Saved) -> AssayAffine {
        if case .again = passed { return saved.affine(relu: true) }
        return .none
    }

    /// Adds up g, what came through of dy, and g * (x - mean) over a part of the map.
    func gradientSum(
        _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>, _ passed: Passed, _ saved: Saved, _ rows: Range<Int>,
        _ channels: Range<Int>, piece: Int, _ sums: ChannelSums
    ) {
        let (at, first) = (rows.lowerBound * shape.channels + channels.lowerBound, channels.lowerBound)
        let target = sums.of(piece: piece)
        let (stride, rows, count) = (Int64(shape.channels), Int64(rows.count), Int64(channels.count))
        if case .gates(let gates) = passed {
            return assay_batchnorm_gated_sums(
                x + at, dy + at, gates + at / 16, stride, saved.mean + first, rows, count, target.first + first,
                target.second + first)
        }
        assay_batchnorm_gradient_sums(
            x + at, dy + at, stored(passed).map { $0 + at }, stride, affine(passed, saved).from(channel: first),
            saved.mean + first, rows, count, target.first + first, target.second + first)
    }

    /// Gradients of weight and bias, dx (which may be dy itself), and the residual's share; from `sums` where these are there.
    func backward(
        _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>, _ passed: Passed, _ sums: ChannelSums?, weight: Floats,
        _ saved: Saved, dWeight: Floats, dBias: Floats, _ dx: Floats, dResidual: Floats?, accumulateResidual: Bool,
        _ workers: Workers
    ) {
        let channels = shape.channels
        let sums = sums ?? self.sums(workers) { gradientSum(x, dy, passed, saved, $0, 0..<channels, piece: $1, $2) }
        let (a, b, d) = factors(sums, weight: weight, saved, dWeight: dWeight, dBias: dBias)
        workers.run(over: shape.rows, length: pieceRows) { rows, _ in
            let at = rows.lowerBound * channels
            if case .gates(let gates) = passed {
                return assay_batchnorm_gated_backward(
                    x + at, dy + at, gates + at / 16, saved.mean, a, b, d, dx + at, dResidual.map { $0 + at },
                    accumulateResidual ? 1 : 0, Int64(rows.count), Int64(channels), isStreamed)
            }
            assay_batchnorm_backward(
                x + at, dy + at, stored(passed).map { $0 + at }, affine(passed, saved), saved.mean, a, b, d, dx + at,
                dResidual.map { $0 + at }, accumulateResidual ? 1 : 0, Int64(rows.count), Int64(channels))
        }
    }

    /// The same where dy is a pool's that nobody stores: it is made twice, strip by strip, which costs less than to store it
    /// and to read it twice (51 MB: pool and norm together 7.9 ms then, 6.2 now).
    func backward(
        _ x: UnsafePointer<Float>, _ pooled: PooledGradient, _ passed: Passed, weight: Floats, _ saved: Saved,
        dWeight: Floats, dBias: Floats, _ dx: Floats, _ workers: Workers
    ) {
        let channels = shape.channels
        let sums = ChannelSums(channels: channels, pieces: pooled.pieces)
        pooled.forEachStrip(workers) { strip, rows, piece in
            gradientSum(
                x, strip - rows.lowerBound * channels, passed, saved, rows, 0..<channels, piece: piece, sums)
        }
        let (a, b, d) = factors(sums, weight: weight, saved, dWeight: dWeight, dBias: dBias)
        pooled.forEachStrip(workers) { strip, rows, _ in
            let at = rows.lowerBound * channels
            assay_batchnorm_backward(
                x + at, strip, stored(passed).map { $0 + at }, affine(passed, saved), saved.mean, a, b, d, dx + at, nil,
                0,
                Int64(rows.count), Int64(channels))
        }
    }

    /// Gradients of weight and bias, and a, b, d of dx = a * g + b * (x - mean) + d.
    private func factors(
        _ sums: ChannelSums, weight: Floats, _ saved: Saved, dWeight: Floats, dBias: Floats
    ) -> (a: [Float], b: [Float], d: [Float]) {
        let count = Double(shape.rows)
        let (sumG, sumGX) = sums.total()
        // dx = w/s * (g - mean(g) - xhat * mean(g * xhat)), with xhat = (x - mean) / s.
        var a = [Float](repeating: 0, count: shape.channels)
        var (b, d) = (a, a)
        for c in 0..<shape.channels {
            let s = Double(saved.inverse[c])
            dBias[c] = Float(sumG[c])
            dWeight[c] = Float(sumGX[c] * s)
            a[c] = Float(Double(weight[c]) * s)
            b[c] = Float(-Double(weight[c]) * s * s * s * sumGX[c] / count)
            d[c] = Float(-Double(weight[c]) * s * sumG[c] / count)
        }
        return (a, b, d)
    }
}
