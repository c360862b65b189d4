import Evaluation
import Foundation
import ModelFiles
import Neural

/// A trained network with all it takes to answer: weights, labels, preprocessing, thresholds.
public struct Model: Sendable {
    public let config: RunConfig
    public let graph: Graph
    public let parameters: Parameters
    /// The exact bytes of the weights, so that what was judged can be written again.
    public let weightBytes: [UInt8]
    public let identity: ModelIdentity
    /// The images it was trained on.
    public let trainedOn: TrainingImages

    public static let weightsFile = "model.safetensors"
    public static let configFile = "config.json"

    /// A model from weights in memory.
    /// - Throws: `ModelFileError` or `GraphError` if they do not fit.
    public init(
        name: String, config: RunConfig, weightBytes: [UInt8], file: String, trainedOn: TrainingImages = .unknown
    ) throws {
        self.config = config
        self.weightBytes = weightBytes
        self.trainedOn = trainedOn
        graph = try config.graph()
        let state = try SafeTensors.read(weightBytes, named: file).tensors
        if let (name, _) = state.first(where: { !$0.value.values.allSatisfy(\.isFinite) }) {
            throw InputError("weights are not finite", at: file, expected: "finite numbers", got: "others in '\(name)'")
        }
        if let (name, _) = state.first(where: { !$0.value.isUsable(asVariance: $0.key) }) {
            throw InputError("a variance is below 0", at: file, expected: "0 or more", got: "another in '\(name)'")
        }
        do {
            parameters = try Parameters(graph, state: state)
        } catch {
            throw InputError("the weights do not fit \(config.arch)", at: file, got: "\(error)")
        }
        // The training images belong to the identity, so that a verdict stands for the list as well.
        var digests = [
            Self.weightsFile: Digest.sha256(weightBytes),
            Self.configFile: Digest.sha256(Array(try config.text().utf8)),
        ]
        if let list = trainedOn.digests {
            digests[TrainingImagesFile.name] = Digest.sha256(Array(try TrainingImagesFile.text(list).utf8))
        }
        identity = ModelIdentity(name: name, digests: digests)
    }

    /// Reads a run folder, or a bundle, which must be exactly what was exported.
    /// - Throws: `InputError` naming the file that is missing or not as it was written.
    public init(folder: String) throws {
        let name = URL(fileURLWithPath: folder).standardizedFileURL.lastPathComponent
        let weights = folder + "/" + Self.weightsFile
        switch try OutputManifest.kind(of: folder) {
        case .bundle?:
            let files = try BundleFiles(folder: folder)
            let config = files.manifest.config
            let list = try files.bytes(TrainingImagesFile.name).map {
                try TrainingImagesFile.parse($0, named: folder + "/" + TrainingImagesFile.name)
            }
            try self.init(
                name: name, config: config, weightBytes: files.required(Self.weightsFile), file: weights,
                trainedOn: list.map { .known($0, startedFrom: config.pretrained) } ?? .unknown)
            try files.requirePass(of: identity)
        case .run?, nil:
            let file = folder + "/" + Self.configFile
            let config = try RunConfig.parse(FileBytes.read(file), named: file)
            guard FileTree.kind(of: weights) != nil || FileTree.kind(of: folder + "/" + Checkpoint.file) == nil else {
                throw InputError(
                    "the run is not finished", at: folder, expected: "assay train --resume first",
                    got: "a checkpoint and no \(Self.weightsFile)")
            }
            let (list, reason) = try TrainingImagesFile.read(run: folder)
            try self.init(
                name: name, config: config, weightBytes: FreeMemory.readWeights(weights), file: weights,
                trainedOn: list.map { .known($0, startedFrom: config.pretrained) } ?? .lost(reason))
        case let kind?:
            throw InputError(
                "is no model", at: folder, expected: "a run folder or a bundle", got: "a \(kind.rawValue) folder")
        }
    }

    /// Probabilities of pictures, in their order, and the digests of their pixels.
    ///
    /// - Parameters:
    ///   - augmented: times that each is also seen augmented as in training: fastai's test-time augmentation, a quarter the
    ///     probability of the plain picture and three quarters the mean of the augmented ones'. Where training augments
    ///     nothing there is nothing to see.
    ///   - total: images of all the evaluation that these are a part of; the scores are then those that the whole would have.
    ///   - view: how it sees them instead; nil for as it was trained to.
    ///   - progress: called with how many are done.
    /// - Throws: `ImageError` for the first picture that cannot be read, in order.
    public func score(
        paths: [String], names: [String], threads: Int, batchSize: Int = 32, augmented: Int = 0,
        of total: Int? = nil, view: ModelView? = nil, progress: (Int) -> Void = { _ in }
    ) throws -> (scores: Scores, digests: [String]) {
        let augmented = config.augments ? augmented : 0
        guard !paths.isEmpty else { throw InputError("no images to score", expected: "at least one", got: "none") }
        let preprocessing = view?.preprocessing ?? config.preprocessing
        let edge = preprocessing.size
        let store = ImageStore(takesDigests: true)
        let loader = Loader(
            batches: Loader.chunks(Array(paths.indices), batchSize), imageCount: edge * edge * 3, threads: threads
        ) { item, target in
            let image = try store.prepared(paths[item], preprocessing)
            preprocessing.normalise(try view?.change(image, item) ?? image, into: target)
        }
        let shape = MapShape(images: min(batchSize, total ?? paths.count), height: edge, width: edge, channels: 3)
        let workers = Workers(count: threads)
        try ScoringMemory(graph, size: edge, threads: workers.count).check(batchSize: shape.images)
        let plan = try InferencePlan(graph, parameters, input: shape, workers: workers)
        func run(_ loader: Loader, before: Int) throws -> Scores {
            let logits = try plan.run(loader, of: paths.count) { progress((before + $0) / (augmented + 1)) }
            return try Logits(names: names, labels: config.vocab, values: logits.map(Double.init)).scores()
        }
        var scores = try run(loader, before: 0)
        let digests = paths.map { store.digest($0) ?? "" }
        if augmented > 0 {
            var sums = [Double](repeating: 0, count: scores.values.count)
            let batches = Loader.chunks(Array(paths.indices), batchSize)
            for round in 1...augmented {
                let views = TestTimeViews(
                    config: config, paths: paths, digests: digests, round: round, store: ImageStore())
                let seen = try run(views.loader(batches, threads: threads), before: round * paths.count)
                for (at, value) in seen.values.enumerated() { sums[at] += value }
            }
            let values = zip(scores.values, sums).map { 0.25 * $0 + 0.75 * $1 / Double(augmented) }
            scores = try Scores(names: names, labels: config.vocab, values: values.map { min(1, max(0, $0)) })
        }
        return (scores, digests)
    }
}
