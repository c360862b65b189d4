import Evaluation
import Neural

/// What a trained network says of its own data.
extension Learner {
    /// The validation split measured, ready to report.
    public func validationRecord(model: Model, title: String) throws -> EvaluationRecord {
        let items = data.split.validation
        let names = items.map { data.names[$0] }
        let edge = config.preprocessing.size
        let shape = MapShape(images: min(config.batchSize, items.count), height: edge, width: edge, channels: 3)
        let plan = try InferencePlan(graph, answering, input: shape, workers: workers)
        let loader = images.plain(Loader.chunks(items, config.batchSize))
        var values: [Float] = []
        while let batch = try loader.next() { values += plan.run(batch.inputs, count: batch.count) }
        let logits = Logits(names: names, labels: data.vocab, values: values.map(Double.init))
        let truth = try Truth(names: names, labels: data.vocab, targets: items.map { data.targets[$0] })
        return try .measure(
            title: title, model: model.identity, scores: logits.scores(), truth: truth, thresholds: config.thresholds,
            pixelDigests: items.map { images.store.digest(data.paths[$0]) ?? "" })
    }

    /// Pixel digests of every training image, sorted; reads those that no epoch of this process has read.
    public func trainedOn() throws -> [String] {
        try data.split.training.map { item in
            if let digest = images.store.digest(data.paths[item]) { return digest }
            return Digest.pixels(try images.store.image(data.paths[item]))
        }.sorted()
    }
}
