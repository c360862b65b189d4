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

extension InferencePlan {
    /// The outputs of all of a source's batches, image by image.
    /// - Parameters:
    ///   - count: how many images there are, so that the outputs' memory is taken once.
    ///   - progress: called after each batch with how many images are done.
    func run(_ source: any BatchSource, of count: Int, progress: (Int) throws -> Void = { _ in }) throws -> [Float] {
        var outputs: [Float] = []
        outputs.reserveCapacity(count * outputChannels)
        while let batch = try source.next() {
            outputs += run(batch.inputs, count: batch.count)
            try progress(outputs.count / outputChannels)
        }
        return outputs
    }
}

/// A source's batches with something done to each.
final class ChangedBatches: BatchSource {
    private let source: any BatchSource
    private let change: (inout Batch) -> Void

    private init(_ source: any BatchSource, _ change: @escaping (inout Batch) -> Void) {
        self.source = source
        self.change = change
    }

    /// What a frozen body makes of the images: features `[count, F]`.
    static func features(_ source: any BatchSource, _ body: InferencePlan) -> ChangedBatches {
        ChangedBatches(source) { $0.inputs = body.run($0.inputs, count: $0.count) }
    }

    /// The images mixed; those of a batch always alike.
    /// - Parameters:
    ///   - epoch: over all fits.
    ///   - first: place of the first batch in its epoch.
    static func mixed(
        _ source: any BatchSource, _ mixup: Mixup, seed: UInt64, epoch: Int, from first: Int
    ) -> ChangedBatches {
        var place = first
        return ChangedBatches(source) { batch in
            var generator = SeededGenerator(seed: seed, 3, UInt64(epoch) << 32 | UInt64(place))
            let mixture = mixup.mixture(of: batch.count, &generator)
            mixture.apply(to: &batch.inputs)
            batch.mixture = mixture
            place += 1
        }
    }

    func next() throws -> Batch? {
        guard var batch = try source.next() else { return nil }
        change(&batch)
        return batch
    }

    var waitedSeconds: Double { source.waitedSeconds }
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
