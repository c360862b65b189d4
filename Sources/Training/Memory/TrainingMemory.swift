import Evaluation
import Neural

/// What a training needs, known before it runs. Bytes.
public struct TrainingMemory {
    private let graph: Graph
    private let size: Int
    private let threads: Int
    private let weights: Int
    private let recipe: Recipe

    /// - Parameter size: edge of the square input, in pixels.
    public init(_ graph: Graph, size: Int, threads: Int, _ recipe: Recipe = Recipe()) {
        self.recipe = recipe
        (self.graph, self.size, self.threads) = (graph, size, threads)
        let layout = ParameterLayout(graph)
        weights = 4 * layout.parameterCount
    }

    private func shape(_ images: Int) -> MapShape { MapShape(images: images, height: size, width: size, channels: 3) }

    /// The process at its peak: in an epoch, after it, or as the run is finished.
    ///
    /// Always there are parameters, gradients, Adam's two moments, an average and a mean gradient, each as large as the
    /// weights. While an epoch lasts the step's plan, the batches that are made ahead and the best epoch's weights come to
    /// that; after it, beside these, the validation's plan or a checkpoint's copies of weights, moments and average. A
    /// finished run has no step any more, but that checkpoint and the model, whose weights are there twice. The allocator
    /// keeps some of the tensors that come and go; with what is assumed of that the sum is 1.00 to 1.13 of the peaks of
    /// ResNet-18, 34, 50 and 152 with batches of 2 to 128.
    /// - Throws: `GraphError` if the images are too small for the network.
    public func bytes(batchSize: Int) throws -> Int {
        let input = shape(batchSize)
        let average = recipe.averageDecay == nil ? 0 : 1
        let held = (4 + average + (recipe.accumulation > 1 ? 1 : 0)) * weights
        let checkpoint = (3 + average) * weights
        let validation = try InferenceLayout(graph, input: input, threads: threads).memory.total
        let step = try TrainingLayout(graph, input: input, threads: threads).memory.total
        let ahead = (Loader.prefetch + 2) * 4 * input.count
        let epoch = step + ahead + (recipe.keepsBest ? weights : 0) + max(validation, checkpoint)
        let finish = checkpoint + 2 * weights
        return FreeMemory.program + held
            + max(epoch + min(weights, 64 << 20), finish + min(2 * weights, 96 << 20))
    }

    /// The most images a batch whose training fits what is free; at most `limit`.
    /// - Throws: `InputError` with both numbers if not even 2 fit.
    public func largestBatch(limit: Int, free: Int? = FreeMemory.bytes()) throws -> Int {
        guard let free else { return min(limit, 64) }
        var (fits, tooMany) = (1, limit + 1)
        while tooMany - fits > 1 {
            let middle = (fits + tooMany) / 2
            if try bytes(batchSize: middle) <= free { fits = middle } else { tooMany = middle }
        }
        guard fits >= min(2, limit) else {
            try FreeMemory.check(bytes(batchSize: 2), for: "a batch of 2", free: free)
            return 2
        }
        return fits
    }

    /// The most images a batch that fits beside decoded images; those that nobody asked for give way where otherwise no
    /// batch would fit.
    /// - Throws: `InputError` with both numbers if not even 2 fit.
    public func largestBatch(limit: Int, _ memory: ImageMemory, wanted: Int, free: Int?) throws -> Int {
        guard let free else { return try largestBatch(limit: limit, free: nil) }
        let beside = Self.freeBesideImages(memory, wanted: wanted, free: free)
        let givesWay = try memory == .automatic && bytes(batchSize: min(2, limit)) > beside
        return try largestBatch(limit: limit, free: givesWay ? free : beside)
    }

    /// What decoded images may take beside batches of that size.
    /// - Parameter wanted: what all of them would take.
    /// - Throws: `InputError` with both numbers if the batch does not fit, or not beside the images that were asked for.
    public func imageBudget(
        batchSize: Int, _ memory: ImageMemory, wanted: Int, free: Int? = FreeMemory.bytes()
    ) throws -> Int {
        let needed = try bytes(batchSize: batchSize)
        let training = "training with a batch of \(batchSize)"
        try FreeMemory.check(needed, for: training, free: free)
        switch memory {
        case .automatic:
            guard let free else { return min(wanted, 1 << 30) }
            return max(0, min(wanted, free / 2, free - Self.reserve(free) - needed))
        case .bytes(let most):
            let budget = min(wanted, most)
            try FreeMemory.check(
                needed + budget, for: "\(training) and \(FreeMemory.mebibytes(budget)) MiB of images", free: free)
            return budget
        }
    }

    /// What is left of the free memory for batches whose size it decides: all that the images do not take.
    public static func freeBesideImages(_ memory: ImageMemory, wanted: Int, free: Int) -> Int {
        switch memory {
        case .automatic: free - (wanted > 0 ? reserve(free) : 0) - min(wanted, free / 2)
        case .bytes(let most): free - min(wanted, most)
        }
    }

    /// What images that nobody asked for leave to others.
    private static func reserve(_ free: Int) -> Int { free / 8 }
}
