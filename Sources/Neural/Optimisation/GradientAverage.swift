import CKernels

/// The mean gradient of several batches, for steps larger than memory.
public final class GradientAverage {
    private let parameters: Parameters
    private let sum: FloatBuffer
    private let workers: Workers
    private var count = 0

    /// - Throws: `GraphError` if the system has no memory for it.
    public init(_ parameters: Parameters, workers: Workers) throws {
        self.parameters = parameters
        self.workers = workers
        sum = try FloatBuffer(count: parameters.gradients.count)
    }

    /// Takes in the gradients of the backward pass that was last.
    public func add() {
        let (from, to, accumulate) = (parameters.gradients.pointer, sum.pointer, Int32(count == 0 ? 0 : 1))
        workers.run(over: sum.count, length: FloatBuffer.piece) { range, _ in
            assay_accumulate(from + range.lowerBound, to + range.lowerBound, accumulate, Int64(range.count))
        }
        count += 1
    }

    /// Starts anew without what was taken in.
    public func clear() { count = 0 }

    /// Puts the mean in the gradients' place and starts anew.
    public func finish() {
        guard count > 0 else { return }
        let (from, to, share) = (sum.pointer, parameters.gradients.pointer, 1 / Float(count))
        workers.run(over: sum.count, length: FloatBuffer.piece) { range, _ in
            assay_scale(from + range.lowerBound, share, to + range.lowerBound, Int64(range.count))
        }
        count = 0
    }
}
