import CKernels

/// An exponential moving average of a network's weights and running statistics, which often answers better than the last
/// step's.
public final class WeightAverage {
    /// The averaged network.
    public let parameters: Parameters
    private let source: Parameters
    private let decay: Double
    private let workers: Workers

    /// Starts as a copy of `source`.
    /// - Throws: `GraphError` if the system has no memory for it.
    public init(_ graph: Graph, of source: Parameters, decay: Double, workers: Workers) throws {
        parameters = try Parameters(graph)
        self.source = source
        self.decay = decay
        self.workers = workers
        copy()
    }

    /// Takes the source's values as they are.
    public func copy() {
        parameters.values.pointer.update(from: source.values.pointer, count: source.values.count)
        parameters.buffers.pointer.update(from: source.buffers.pointer, count: source.buffers.count)
    }

    /// After step `step`, counted from 0: moves 1 - d of the way to the source, d = min(decay, (1 + step) / (10 + step)), so
    /// that the first weights are soon forgotten.
    public func update(step: Int) {
        let share = Float(1 - min(decay, Double(1 + step) / Double(10 + step)))
        for (target, from) in [(parameters.values, source.values), (parameters.buffers, source.buffers)] {
            let (to, from) = (target.pointer, from.pointer)
            workers.run(over: target.count, length: FloatBuffer.piece) { range, _ in
                assay_move_towards(to + range.lowerBound, from + range.lowerBound, share, Int64(range.count))
            }
        }
    }
}
