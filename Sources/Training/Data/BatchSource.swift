import Evaluation
import Neural

/// Where a fit's batches come from, in a fixed order.
protocol BatchSource: AnyObject {
    /// The next batch, or nil after the last.
    func next() throws -> Batch?
    /// Seconds spent waiting for images.
    var waitedSeconds: Double { get }
}

extension Loader: BatchSource {}

/// What a frozen body makes of a loader's images: features `[count, F]`.
final class FeatureLoader: BatchSource {
    private let loader: Loader
    private let body: InferencePlan

    init(_ loader: Loader, _ body: InferencePlan) {
        self.loader = loader
        self.body = body
    }

    func next() throws -> Batch? {
        try loader.next().map { Batch(inputs: body.run($0.inputs, count: $0.count), items: $0.items) }
    }

    var waitedSeconds: Double { loader.waitedSeconds }
}

/// Features that were computed once, gathered into batches.
final class StoredFeatures: BatchSource {
    private let batches: [[Int]]
    private let features: FeatureTable
    private var taken = 0
    let waitedSeconds = 0.0

    init(_ batches: [[Int]], _ features: FeatureTable) {
        self.batches = batches
        self.features = features
    }

    func next() -> Batch? {
        guard taken < batches.count else { return nil }
        defer { taken += 1 }
        return Batch(inputs: batches[taken].flatMap { features[$0] }, items: batches[taken])
    }
}
