import Evaluation
import Neural

/// What one fit runs: the whole network or, where a frozen body's batch norms rest too, its head over the body's features.
/// Where images are neither augmented nor mixed those features never change, so each image's are computed once.
final class FitNetwork {
    /// Of the network, or of its head.
    let plan: TrainingPlan
    private let whole: Graph
    private let input: MapShape
    /// Of `plan`.
    private let graph: Graph
    private let parameters: Parameters
    private let images: ImagePipeline
    private let workers: Workers
    private let body: InferencePlan?
    private let features: FeatureTable?

    private struct Stopped: Error {}

    /// - Parameters:
    ///   - report: called while the features are computed, with how many images are done, and of how many.
    ///   - isStopped: asked after each batch of them; at true there is no network.
    init?(
        _ fit: Fit, _ graph: Graph, _ parameters: Parameters, _ images: ImagePipeline, _ workers: Workers,
        report: (_ done: Int, _ count: Int) throws -> Void = { _, _ in }, isStopped: () -> Bool = { false }
    ) throws {
        let config = images.config
        (self.parameters, self.images, self.workers) = (parameters, images, workers)
        whole = graph
        input = MapShape(
            images: config.batchSize, height: config.preprocessing.size, width: config.preprocessing.size, channels: 3)
        var planInput = input
        if fit.isFrozen, config.freezesNorms,
            let node = graph.features(before: { ResNet.group(ofParameter: $0) == 2 })
        {
            let parts = try graph.cut(after: node)
            let body = try InferencePlan(parts.body, parameters, input: input, workers: workers)
            planInput = MapShape(images: config.batchSize, height: 1, width: 1, channels: body.outputChannels)
            self.body = body
            self.graph = parts.head
            let isPlain = !config.augments && config.recipe.mixup == nil
            do {
                features =
                    isPlain
                    ? try FeatureTable(images, body, batchSize: config.batchSize) { done, count in
                        try report(done, count)
                        if isStopped() { throw Stopped() }
                    } : nil
            } catch is Stopped { return nil }
        } else {
            (body, features) = (nil, nil)
            self.graph = graph
        }
        plan = try TrainingPlan(self.graph, parameters, input: planInput, workers: workers) { name in
            Self.trains(name, in: fit, config, parameters.layout)
        }
    }

    /// Whether a fit moves a parameter: in a frozen one the head's and, as in fastai, the body's batch norms.
    static func trains(_ name: String, in fit: Fit, _ config: RunConfig, _ layout: ParameterLayout) -> Bool {
        !fit.isFrozen || ResNet.group(ofParameter: name) == 2
            || (!config.freezesNorms && layout.entry(name)?.isNorm == true)
    }

    /// Training batches of one epoch over all fits, without those before `first`.
    func source(epoch: Int, batches: [[Int]], from first: Int = 0) -> any BatchSource {
        let batches = Array(batches.dropFirst(first))
        if let features { return StoredFeatures(batches, features) }
        var source: any BatchSource = images.training(epoch: epoch, batches: batches)
        if let alpha = images.config.recipe.mixup {
            source = ChangedBatches.mixed(
                source, Mixup(alpha: alpha), seed: images.config.seed, epoch: epoch, from: first)
        }
        return body.map { ChangedBatches.features(source, $0) } ?? source
    }

    /// Logits of the validation images in split order.
    /// - Parameter answering: the parameters that were trained, or an average of them.
    func validationLogits(of answering: Parameters) throws -> [Float] {
        let batchSize = images.config.batchSize
        let batches = Loader.chunks(images.data.split.validation, batchSize)
        // Features are of the trained body; an average's are others.
        let usesFeatures = answering === parameters
        var (graph, shape) = (whole, input)
        let source: any BatchSource
        if let body, usesFeatures {
            (graph, shape) = (self.graph, plan.inputShape)
            source =
                features.map { StoredFeatures(batches, $0) } ?? ChangedBatches.features(images.plain(batches), body)
        } else {
            source = images.plain(batches)
        }
        let count = images.data.split.validation.count
        shape.images = min(batchSize, count)
        return try InferencePlan(graph, answering, input: shape, workers: workers).run(source, of: count)
    }
}
