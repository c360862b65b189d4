import CKernels

extension Parameters {
    /// Scales the gradients of the parameters that `trains` names so that their common Euclidean norm is at most `norm`: by
    /// norm / (total + 1e-6) where that is below 1, as PyTorch's `clip_grad_norm_`.
    /// - Returns: the norm before.
    @discardableResult
    public func clipGradients(norm: Double, workers: Workers, trains: (String) -> Bool) -> Double {
        // Ends of pieces depend on the network alone, and the pieces are added in order, whichever thread had them.
        let pieces = layout.parameters.filter { trains($0.name) }.flatMap { entry in
            stride(from: entry.offset, to: entry.range.upperBound, by: FloatBuffer.piece).map {
                $0..<min($0 + FloatBuffer.piece, entry.range.upperBound)
            }
        }
        let gradients = gradients.pointer
        let squares = [Double](unsafeUninitializedCapacity: pieces.count) { sums, count in
            let base = sums.baseAddress
            workers.run(pieces.count) { index, _ in
                let piece = pieces[index]
                base?[index] = assay_square_sum(gradients + piece.lowerBound, Int64(piece.count))
            }
            count = pieces.count
        }
        let total = squares.reduce(0, +).squareRoot()
        let scale = Float(norm / (total + 1e-6))
        if scale < 1 {
            workers.run(pieces.count) { index, _ in
                let at = gradients + pieces[index].lowerBound
                assay_scale(at, scale, at, Int64(pieces[index].count))
            }
        }
        return total
    }
}
