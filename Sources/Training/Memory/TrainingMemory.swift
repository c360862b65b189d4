import Evaluation
import Neural

/// What a training needs, known before it runs. Bytes.
public struct TrainingMemory {
    /// The program itself, its threads and its small change, as measured.
    private static let program = 64 << 20

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

    /// The step's plan, parameters, gradients and Adam's two moments, the batches that are made ahead, and, between epochs,
    /// the validation's plan or the checkpoint's copies, whichever is more.
    /// - Throws: `GraphError` if the images are too small for the network.
    public func bytes(batchSize: Int) throws -> Int {
        let input = shape(batchSize)
        // An average, a best epoch and a mean gradient are as large as the weights each.
        let copies = (recipe.averageDecay == nil ? 0 : 1) + (recipe.keepsBest ? 1 : 0)
        let buffers = 4 + copies + (recipe.accumulation > 1 ? 1 : 0)
        let step = try TrainingLayout(graph, input: input, threads: threads).memory.total + buffers * weights
        let ahead = (Loader.prefetch + 1) * 4 * input.count
        let validation = try InferenceLayout(graph, input: input, threads: threads).memory.total
        // A checkpoint holds the weights and both moments as tensors; the last one has the finished model beside it, its
        // bytes, and what of them is on its way to the disk.
        return Self.program + step + ahead + max(validation, (6 + 2 * copies) * weights)
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
