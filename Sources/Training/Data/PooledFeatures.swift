import Evaluation
import Neural

extension Model {
    /// What the body says of pictures, prepared as they are judged: the pooled features that the head reads.
    /// - Returns: nil where the network has no head of its own.
    /// - Throws: `ImageError` for the first picture that cannot be read, in order; `InputError` with both numbers for a
    ///   batch that does not fit the free memory.
    public func features(
        paths: [String], names: [String], threads: Int, batchSize: Int = 32, progress: (Int) -> Void = { _ in }
    ) throws -> FeatureRows? {
        guard !paths.isEmpty, let node = graph.features(before: { ResNet.group(ofParameter: $0) == 2 }) else {
            return nil
        }
        let preprocessing = config.preprocessing
        let edge = preprocessing.size
        let store = ImageStore()
        let loader = Loader(
            batches: Loader.chunks(Array(paths.indices), batchSize), imageCount: edge * edge * 3, threads: threads
        ) { item, target in
            preprocessing.normalise(try store.prepared(paths[item], preprocessing), into: target)
        }
        let shape = MapShape(images: min(batchSize, paths.count), height: edge, width: edge, channels: 3)
        let workers = Workers(count: threads)
        try ScoringMemory(graph, size: edge, threads: workers.count).check(batchSize: shape.images)
        let plan = try InferencePlan(graph.cut(after: node).body, parameters, input: shape, workers: workers)
        return FeatureRows(
            names: names, width: plan.outputChannels, values: try plan.run(loader, of: paths.count, progress: progress))
    }
}
