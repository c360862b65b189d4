import CKernels

extension BatchNorm {
    /// What the ReLU after the norm let through: everything, what its `gates` say or where its stored `output` is
    /// positive, or, where neither was stored, what is computed `again` from x.
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

    /// The gradient with respect to the norm's input [rows, channels], made row by row as it is wanted: dx = a * g +
    /// b * (x - mean) + d, g being what came through of dy.
    struct InputGradient {
        let norm: BatchNorm
        let x: UnsafePointer<Float>
        let dy: OutputGradient
        let passed: Passed
        let saved: Saved
        let a, b, d: [Float]
        /// The residual's gradient, to which g is added or where it goes.
        let dResidual: Floats?
        let accumulatesResidual: Bool

        /// Stores some rows of dx, `stride` apart, and of the residual's gradient: once for each row. Of a pool's
        /// gradient whole lines of an image, next to each other.
        func store(_ rows: Range<Int>, in dx: Floats, stride: Int) {
            let channels = norm.shape.channels
            let at = rows.lowerBound * channels
            var dy = UnsafePointer(dx)
            switch self.dy {
            case .stored(let map): dy = map + at
            case .pooled(let pooled):
                precondition(stride == channels, "a pool's gradient is stored as it lies")
                pooled.store(rows, in: dx)
            }
            let residual = dResidual.map { $0 + at }
            let (accumulate, count) = (Int32(accumulatesResidual ? 1 : 0), Int64(rows.count))
            if case .gates(let gates) = passed {
                return assay_batchnorm_gated_backward(
                    x + at, dy, gates + at / 16, saved.mean, a, b, d, dx, Int64(stride), residual, accumulate,
                    count, Int64(channels), norm.isStreamed)
            }
            assay_batchnorm_backward(
                x + at, dy, norm.stored(passed).map { $0 + at }, norm.affine(passed, saved), saved.mean, a, b, d,
                dx, Int64(stride), residual, accumulate, count, Int64(channels))
        }

        /// Stores all rows; dx may be dy itself.
        func store(in dx: Floats, _ workers: Workers) {
            let channels = norm.shape.channels
            func store(_ rows: Range<Int>) { self.store(rows, in: dx + rows.lowerBound * channels, stride: channels) }
            switch dy {
            case .stored: workers.run(over: norm.shape.rows, length: norm.pieceRows) { rows, _ in store(rows) }
            case .pooled(let pooled): pooled.forEachStrip(workers) { rows, _, _ in store(rows) }
            }
        }
    }

    /// The gradient with respect to the norm's output: a map, or a pool's.
    enum OutputGradient {
        case stored(UnsafePointer<Float>)
        case pooled(PooledGradient)
    }

    /// Stores the gradients of weight and bias, from `sums` where these are there, and says what the input's is.
    func inputGradient(
        _ x: UnsafePointer<Float>, _ dy: OutputGradient, _ passed: Passed, _ sums: ChannelSums?, weight: Floats,
        _ saved: Saved, dWeight: Floats, dBias: Floats, dResidual: Floats?, accumulatesResidual: Bool,
        _ workers: Workers
    ) -> InputGradient {
        let sums = sums ?? self.sums(x, dy, passed, saved, workers)
        let (a, b, d) = factors(sums, weight: weight, saved, dWeight: dWeight, dBias: dBias)
        return InputGradient(
            norm: self, x: x, dy: dy, passed: passed, saved: saved, a: a, b: b, d: d, dResidual: dResidual,
            accumulatesResidual: accumulatesResidual)
    }

    /// A pool's gradient is made here and once more in `store`, which costs less than to store it and to read it twice
    /// (51 MB: pool and norm together 7.9 ms then, 6.2 now).
    private func sums(
        _ x: UnsafePointer<Float>, _ dy: OutputGradient, _ passed: Passed, _ saved: Saved, _ workers: Workers
    ) -> ChannelSums {
        let channels = 0..<shape.channels
        switch dy {
        case .stored(let map):
            return sums(workers) { gradientSum(x, map, passed, saved, $0, channels, piece: $1, $2) }
        case .pooled(let pooled):
            let sums = ChannelSums(channels: channels.count, pieces: pooled.pieces)
            pooled.forEachStrip(workers) { rows, piece, worker in
                let strip = pooled.strip(worker)
                pooled.store(rows, in: strip)
                gradientSum(
                    x, strip - rows.lowerBound * channels.count, passed, saved, rows, channels, piece: piece, sums)
            }
            return sums
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
