import Neural

/// What scoring images with a model needs, known before it runs. Bytes.
public struct ScoringMemory {
    /// What each thread has in hand beside the batches. With it the sum is 0.97 to 1.19 of the measured peaks of ResNet-18,
    /// 50 and 152 with 1, 2 and 4 threads and batches of 1 to 128.
    private static let perThread = 8 << 20

    private let graph: Graph
    private let size: Int
    private let threads: Int

    /// - Parameter size: edge of the square input, in pixels.
    public init(_ graph: Graph, size: Int, threads: Int) {
        (self.graph, self.size, self.threads) = (graph, size, threads)
    }

    /// What is taken once the model is there: the plan and `batches` of images.
    /// - Throws: `GraphError` if the images are too small for the network.
    func besideModel(batchSize: Int, batches: Int = Loader.prefetch + 1) throws -> Int {
        let input = MapShape(images: batchSize, height: size, width: size, channels: 3)
        return try InferenceLayout(graph, input: input, threads: threads).memory.total + batches * 4 * input.count
    }

    /// - Throws: `InputError` with both numbers for a batch that does not fit beside the model.
    func check(batchSize: Int) throws {
        try FreeMemory.check(besideModel(batchSize: batchSize), for: "a batch of \(batchSize)")
    }

    /// The whole process at its peak, but for the images that are being decoded, whose size only their files tell. A model
    /// is its weights twice, as the bytes of its file and as the network's; while it is read they are there a third time.
    public func bytes(batchSize: Int) throws -> Int {
        let weights = 4 * ParameterLayout(graph).parameterCount
        return FreeMemory.program + threads * Self.perThread
            + max(3 * weights, 2 * weights + (try besideModel(batchSize: batchSize)))
    }
}
