import Evaluation
import Neural
import Raster

/// A model made ready once to answer picture by picture; for one thread at a time.
public final class PictureScorer {
    private let config: RunConfig
    private let plan: InferencePlan
    private let shape: MapShape

    /// - Throws: `InputError` if the memory does not suffice.
    public init(_ model: Model, threads: Int) throws {
        config = model.config
        let edge = config.preprocessing.size
        shape = MapShape(images: 1, height: edge, width: edge, channels: 3)
        let workers = Workers(count: threads)
        let memory = ScoringMemory(model.graph, size: edge, threads: workers.count)
        try FreeMemory.check(memory.besideModel(batchSize: 1, batches: 1), for: "one image")
        plan = try InferencePlan(model.graph, model.parameters, input: shape, workers: workers)
    }

    /// The probability of each label of the vocab, in its order: the very bits that `Model.score` has for a file of these
    /// bytes alone.
    /// - Parameter name: for error messages.
    /// - Throws: `ImageError` for what is no JPEG or PNG, or a damaged one.
    public func probabilities(of bytes: [UInt8], named name: String) throws -> [Double] {
        let preprocessing = config.preprocessing
        let image = preprocessing.apply(try Image(decoding: bytes, named: name))
        var input = [Float](repeating: 0, count: shape.count)
        input.withUnsafeMutableBufferPointer { buffer in
            if let base = buffer.baseAddress { preprocessing.normalise(image, into: base) }
        }
        let logits = plan.run(input, count: 1).map(Double.init)
        return try Logits(names: [name], labels: config.vocab, values: logits).scores().values
    }
}
