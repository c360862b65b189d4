import CKernels
import Foundation

/// Adam with decoupled weight decay, debiased as fastai's: decay first, never on norm parameters or biases; each
/// parameter counts its own steps, so one that was frozen starts fresh.
public final class Adam {
    public struct Options: Sendable, Equatable {
        public var squareMomentum: Float = 0.99
        public var epsilon: Float = 1e-5
        public var weightDecay: Float = 0.01

        public init() {}
    }

    public let options: Options
    private let parameters: Parameters
    private let average: FloatBuffer
    private let squares: FloatBuffer
    /// Steps taken, by parameter.
    private var stepCounts: [Int]
    /// Work of about equal size: ranges of a parameter, by its index.
    private let pieces: [(parameter: Int, range: Range<Int>)]

    /// - Throws: `GraphError` if the system has no memory for its averages.
    public init(_ parameters: Parameters, options: Options = Options()) throws {
        self.parameters = parameters
        self.options = options
        average = try FloatBuffer(count: parameters.values.count)
        squares = try FloatBuffer(count: parameters.values.count)
        stepCounts = Array(repeating: 0, count: parameters.layout.parameters.count)
        pieces = parameters.layout.parameters.enumerated().flatMap { index, entry in
            stride(from: entry.range.lowerBound, to: entry.range.upperBound, by: FloatBuffer.piece).map {
                (index, $0..<min(entry.range.upperBound, $0 + FloatBuffer.piece))
            }
        }
    }

    /// One step of every parameter for which `rate` gives a learning rate; nil leaves it as it is.
    public func step(momentum: Float, workers: Workers, rate: (ParameterLayout.Entry) -> Float?) {
        let entries = parameters.layout.parameters
        let rates = entries.map(rate)
        for (index, rate) in rates.enumerated() where rate != nil { stepCounts[index] += 1 }
        workers.run(pieces.count) { piece, _ in
            let (index, range) = pieces[piece]
            guard let rate = rates[index] else { return }
            let entry = entries[index]
            let t = Double(stepCounts[index])
            let decays = !entry.isNorm && !entry.isBias
            let debias = 1 - pow(Double(momentum), t)
            let squareDebias = 1 - pow(Double(options.squareMomentum), t)
            let start = range.lowerBound
            assay_adam(
                parameters.values.pointer + start, parameters.gradients.pointer + start, average.pointer + start,
                squares.pointer + start, Int64(range.count), decays ? 1 - rate * options.weightDecay : 1, momentum,
                options.squareMomentum, Float(Double(rate) / debias), Float(1 / squareDebias), options.epsilon)
        }
    }

    /// Forgets every average and count, as fastai does whenever a body is frozen or unfrozen.
    public func clear() {
        for buffer in [average, squares] { buffer.zero() }
        stepCounts = Array(repeating: 0, count: stepCounts.count)
    }

    /// The optimiser's state, so that training can go on: `optimizer.<parameter>.average|squares|steps`.
    public func stateDictionary() -> StateDictionary {
        var state: StateDictionary = [:]
        for (index, entry) in parameters.layout.parameters.enumerated() where stepCounts[index] > 0 {
            let name = "optimizer.\(entry.name)"
            for (suffix, buffer) in [("average", average), ("squares", squares)] {
                state["\(name).\(suffix)"] = NamedTensor(
                    shape: entry.shape,
                    values: WeightOrder.toPyTorch(buffer.copy(entry.range), shape: entry.shape))
            }
            state["\(name).steps"] = NamedTensor(shape: [1], values: [Float(stepCounts[index])])
        }
        return state
    }

    /// Takes back what `stateDictionary` gave.
    /// - Throws: `GraphError` naming a tensor of another shape.
    public func load(_ state: StateDictionary) throws {
        clear()
        for (index, entry) in parameters.layout.parameters.enumerated() {
            let name = "optimizer.\(entry.name)"
            guard let steps = state["\(name).steps"] else { continue }
            guard let count = steps.values.first, count.isFinite, count >= 0, count < 0x1p24 else {
                throw GraphError("'\(name).steps': expected a count of steps, got \(steps.values)")
            }
            stepCounts[index] = Int(count)
            for (suffix, buffer) in [("average", average), ("squares", squares)] {
                guard let tensor = state["\(name).\(suffix)"], tensor.shape == entry.shape else {
                    throw GraphError("'\(name).\(suffix)': expected a tensor of shape \(entry.shape)")
                }
                let ordered = WeightOrder.toEngine(tensor.values, shape: entry.shape)
                ordered.withUnsafeBufferPointer {
                    if let base = $0.baseAddress {
                        (buffer.pointer + entry.offset).update(from: base, count: entry.count)
                    }
                }
            }
        }
    }
}
