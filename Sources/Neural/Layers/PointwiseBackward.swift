import CKernels

/// Both gradients of a 1x1 convolution y [rows, O] of x [rows, I] whose output a norm reads: dx = dy * weight^T and
/// dWeight [I, O] = x^T * dy.
///
/// dy is never stored as a map. A block of its rows is made of what the norm's backward reads, and goes into both
/// products while it is in the second cache, in which its rows serve as left and, without packing, as right side.
/// Stored, a map of 51 MB is written once and read twice more (norm and both gradients of 64 to 256 channels: 18.8 ms
/// so, 14.8 ms now).
struct PointwiseBackward: FusedBackward {
    private let convolution: Convolution
    private let size: Int
    private let rows: Int
    private let inputs: Int
    private let outputs: Int

    /// Nil where it cannot be, or where a range's share of dWeight would not stay near.
    init?(_ convolution: Convolution) {
        guard convolution.isPointwise, convolution.output.channels % MatrixProduct.columnStep == 0,
            convolution.weightCount <= 1 << 17
        else { return nil }
        self.convolution = convolution
        (size, rows) = (convolution.weightCount, convolution.output.rows)
        (inputs, outputs) = (convolution.input.channels, convolution.output.channels)
    }

    /// Ranges of rows, each of which one worker goes through in order: fewer where their shares of dWeight are large.
    private var ranges: Int { max(1, min(size > 1 << 16 ? 8 : 16, rows / 64)) }
    private var rangeRows: Int { (rows + ranges - 1) / ranges }
    var pieces: Int { (rows + rangeRows - 1) / rangeRows }
    /// Rows of a block: 128 KiB of the wider map where that has 256 to 512 channels.
    private var blockRows: Int { max(64, min(128, (1 << 15) / max(inputs, outputs))) }
    /// Rows that are a power of two apart share cache sets.
    private func stride(_ channels: Int) -> Int { channels + 16 }

    private var direct: DirectConvolution { DirectConvolution(convolution, .kernels) }
    private var weightCount: Int { DirectConvolution.aligned(direct.backwardWeightCount) }
    private var blockCount: Int { blockRows * (stride(outputs) + stride(inputs)) }

    func scratchCount(_ workers: Workers) -> Int { weightCount + pieces * size + workers.count * blockCount }

    func run(
        _ x: UnsafePointer<Float>, _ affine: AssayAffine, _ gradient: BatchNorm.InputGradient,
        weight: UnsafePointer<Float>, dWeight: Floats?, _ target: DataGradientTarget?, scratch: Floats,
        _ workers: Workers
    ) {
        if target != nil { direct.packBackward(weight, into: scratch, scratch: scratch, workers) }
        let shares = scratch + weightCount
        let blocks = shares + pieces * size
        workers.run(pieces) { piece, worker in
            let range = piece * rangeRows..<min(rows, (piece + 1) * rangeRows)
            let (dy, left) = (blocks + worker * blockCount, blocks + worker * blockCount + blockRows * stride(outputs))
            for first in Swift.stride(from: range.lowerBound, to: range.upperBound, by: blockRows) {
                let block = first..<min(range.upperBound, first + blockRows)
                let next = block.upperBound..<min(range.upperBound, block.upperBound + blockRows)
                gradient.store(block, in: dy, stride: stride(outputs))
                if dWeight != nil {
                    assay_read_rows(
                        x + first * inputs, Int64(inputs), affine, Int64(block.count), Int64(inputs), left,
                        Int64(stride(inputs)))
                    PackedMatrix(
                        product: .kernels, pointer: dy, k: block.count, n: outputs, rowStride: stride(outputs)
                    ).multiply(
                        left, aRow: 1, aColumn: stride(inputs), m: inputs, columns: 0..<outputs, shares + piece * size,
                        ldc: outputs, accumulate: first > range.lowerBound, next: wanted(target, block))
                }
                guard let target else { continue }
                PackedMatrix(product: .kernels, pointer: scratch, k: outputs, n: inputs).multiply(
                    dy, aRow: stride(outputs), m: block.count, columns: 0..<inputs, target.dx + first * inputs,
                    ldc: inputs, accumulate: target.accumulates, next: wanted(x, gradient, next))
                target.finished(block, channels: 0..<inputs, piece: piece)
            }
        }
        if let dWeight { workers.addUp(shares, pieces, count: size, into: dWeight) }
    }

    /// What the data gradient of a block reads besides, fetched while the weight's is computed.
    private func wanted(_ target: DataGradientTarget?, _ block: Range<Int>) -> AssayStreams {
        func rows(_ map: UnsafePointer<Float>) -> AssayStream {
            AssayStream(map, first: block.lowerBound, rows: block.count, length: inputs, stride: inputs)
        }
        guard let target else { return AssayStreams() }
        let also = target.finished.alsoRead.map(rows)
        return target.accumulates ? AssayStreams(rows(target.dx), also) : AssayStreams(also)
    }

    /// What the next block reads: the two widest maps of three.
    private func wanted(
        _ x: UnsafePointer<Float>, _ gradient: BatchNorm.InputGradient, _ next: Range<Int>
    ) -> AssayStreams {
        func rows(_ map: UnsafePointer<Float>, _ channels: Int) -> AssayStream {
            AssayStream(map, first: next.lowerBound, rows: next.count, length: channels, stride: channels)
        }
        var second = rows(x, inputs)
        if case .stored(let dy) = gradient.dy, outputs >= inputs { second = rows(dy, outputs) }
        return AssayStreams(rows(gradient.x, outputs), second)
    }
}
