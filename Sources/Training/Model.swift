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
    /// Pixel digests of the images it was trained on, where known.
    public let trainedOn: Set<String>?

    public static let weightsFile = "model.safetensors"
    public static let configFile = "config.json"
    public static let trainedOnFile = "training_images.json"

    /// A model from weights in memory.
    /// - Throws: `ModelFileError` or `GraphError` if they do not fit.
    public init(
        name: String, config: RunConfig, weightBytes: [UInt8], file: String, trainedOn: Set<String>? = nil
    ) throws {
        self.config = config
        self.weightBytes = weightBytes
        self.trainedOn = trainedOn
        graph = try config.graph()
        let state = try SafeTensors.read(weightBytes, named: file).tensors
        if let (name, _) = state.first(where: { !$0.value.values.allSatisfy(\.isFinite) }) {
            throw InputError("weights are not finite", at: file, expected: "finite numbers", got: "others in '\(name)'")
        }
        do {
            parameters = try Parameters(graph, state: state)
        } catch {
            throw InputError("the weights do not fit \(config.arch)", at: file, got: "\(error)")
        }
        identity = ModelIdentity(
            name: name,
            digests: [
                Self.weightsFile: Digest.sha256(weightBytes),
                Self.configFile: Digest.sha256(Array(try config.text().utf8)),
            ])
    }

    /// Reads a run folder, or a bundle.
    public init(folder: String) throws {
        let name = URL(fileURLWithPath: folder).standardizedFileURL.lastPathComponent
        let manifest = folder + "/" + OutputManifest.file
        let config: RunConfig
        if try OutputManifest.kind(of: folder) == .bundle {
            config = try BundleManifest.parse(FileBytes.read(manifest), named: manifest).config
        } else {
            let file = folder + "/" + Self.configFile
            config = try RunConfig.parse(FileBytes.read(file), named: file)
        }
        let weights = folder + "/" + Self.weightsFile
        let list = folder + "/" + Self.trainedOnFile
        let trainedOn: Set<String>? =
            FileManager.default.fileExists(atPath: list)
            ? try? JSON.decode(Set<String>.self, from: FileBytes.read(list)) : nil
        try self.init(
            name: name, config: config, weightBytes: FileBytes.read(weights), file: weights, trainedOn: trainedOn)
    }

    /// Probabilities of pictures, in their order, and the digests of their pixels.
    ///
    /// - Parameter progress: called with how many are done.
    /// - Throws: `ImageError` for the first picture that cannot be read, in order.
    public func score(
        paths: [String], names: [String], threads: Int, batchSize: Int = 32, progress: (Int) -> Void = { _ in }
    ) throws -> (scores: Scores, digests: [String]) {
        guard !paths.isEmpty else { throw InputError("no images to score", expected: "at least one", got: "none") }
        let preprocessing = config.preprocessing
        let edge = preprocessing.size
        let store = ImageStore(budgetBytes: 0, takesDigests: true)
        let loader = Loader(
            batches: Loader.chunks(Array(paths.indices), batchSize), imageCount: edge * edge * 3, threads: threads
        ) { item, target in
            preprocessing.normalise(preprocessing.apply(try store.image(paths[item])), into: target)
        }
        let shape = MapShape(images: min(batchSize, paths.count), height: edge, width: edge, channels: 3)
        let plan = try InferencePlan(graph, parameters, input: shape, workers: Workers(count: threads))
        var logits: [Double] = []
        while let batch = try loader.next() {
            logits += plan.run(batch.inputs, count: batch.count).map(Double.init)
            progress(logits.count / config.vocab.count)
        }
        let scores = try Logits(names: names, labels: config.vocab, values: logits).scores()
        return (scores, paths.map { store.digest($0) ?? "" })
    }
}

/// `assay.json` of a bundle: the settings that were judged and the digest of every other file.
public struct BundleManifest: Codable, Sendable, Equatable {
    public var version = 1
    public var kind = OutputKind.bundle
    public var config: RunConfig
    /// File name -> SHA-256.
    public var hashes: [String: String]

    public init(config: RunConfig, hashes: [String: String]) {
        self.config = config
        self.hashes = hashes
    }

    public static func parse(_ bytes: [UInt8], named file: String) throws -> BundleManifest {
        do {
            return try JSON.decode(BundleManifest.self, from: bytes)
        } catch {
            throw InputError(
                "is no bundle manifest", at: file, expected: "assay.json of a bundle", got: "other JSON or text")
        }
    }
}
