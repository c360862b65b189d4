import Evaluation
import Neural
import Raster

/// What a trained network says of its own data.
extension Learner {
    /// The validation split measured, ready to report.
    public func validationRecord(model: Model, title: String) throws -> EvaluationRecord {
        let items = data.split.validation
        let names = items.map { data.names[$0] }
        let edge = config.preprocessing.size
        let shape = MapShape(images: min(config.batchSize, items.count), height: edge, width: edge, channels: 3)
        let plan = try InferencePlan(graph, answering, input: shape, workers: workers)
        let values = try plan.run(images.plain(Loader.chunks(items, config.batchSize)), of: items.count)
        let logits = Logits(names: names, labels: data.vocab, values: values.map(Double.init))
        let truth = try Truth(names: names, labels: data.vocab, targets: items.map { data.targets[$0] })
        return try .measure(
            title: title, model: model.identity, scores: logits.scores(), truth: truth, thresholds: config.thresholds,
            pixelDigests: items.map { images.store.digest(data.paths[$0]) ?? "" })
    }

    /// Pixel digests of every training image, sorted; reads those that this process has not read in whole.
    public func trainedOn() throws -> [String] {
        let (paths, store) = (data.split.training.map { data.paths[$0] }, images.store)
        let digests = Parallel.map(paths.count, threads: images.threads) { index in
            Result { try store.readDigest(paths[index]) }
        }
        return try digests.map { try $0.get() }.sorted()
    }
}
