import CKernels

/// Batch normalisation over all axes but the last (Ioffe & Szegedy, 2015), with the residual add and the ReLU that
/// follow it in the same pass: y = relu?(weight * (x - mean) / sqrt(variance + epsilon) + bias + residual?).
struct BatchNorm {
    let shape: MapShape
    let epsilon: Float
    /// Share of the new batch in the running statistics.
    let momentum: Float

    /// Statistics are summed over a fixed number of row ranges, in order.
    var pieces: Int { max(1, min(16, shape.rows / 64)) }
    var pieceRows: Int { (shape.rows + pieces - 1) / pieces }

    /// Sums over all rows: `add` puts those of a range of them in their place.
    func sums(_ workers: Workers, _ add: (Range<Int>, _ piece: Int, ChannelSums) -> Void) -> ChannelSums {
        let sums = ChannelSums(channels: shape.channels, pieces: (shape.rows + pieceRows - 1) / pieceRows)
        workers.run(over: shape.rows, length: pieceRows) { rows, _ in add(rows, rows.lowerBound / pieceRows, sums) }
        return sums
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

    /// Adds up x and its squares over a part of the map.
    func sum(
        _ x: UnsafePointer<Float>, _ rows: Range<Int>, _ channels: Range<Int>, piece: Int, _ sums: ChannelSums
    ) {
        let (at, first) = (rows.lowerBound * shape.channels + channels.lowerBound, channels.lowerBound)
        let target = sums.of(piece: piece)
        assay_batchnorm_sums(
            x + at, Int64(shape.channels), Int64(rows.count), Int64(channels.count), target.first + first,
            target.second + first)
    }

    /// Takes the batch's statistics, from `sums` where these are there, into `saved` and moves the running ones (variance
    /// unbiased there, as PyTorch).
    func measure(
        _ x: UnsafePointer<Float>, _ sums: ChannelSums?, weight: Floats, bias: Floats, runningMean: Floats,
        runningVariance: Floats, _ saved: Saved, _ workers: Workers
    ) {
        let channels = shape.channels
        let count = Double(shape.rows)
        let (sum, squares) = (sums ?? self.sums(workers) { self.sum(x, $0, 0..<channels, piece: $1, $2) }).total()
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

    var isStreamed: Int32 { shape.isStreamed ? 1 : 0 }

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
}

extension BatchNorm {
    /// The norm of an operation over a map; nil for other operations.
    init?(_ operation: Operation, _ shape: MapShape) {
        guard case .batchNorm(_, let epsilon, let momentum) = operation else { return nil }
        self.init(shape: shape, epsilon: epsilon, momentum: momentum)
    }
}
