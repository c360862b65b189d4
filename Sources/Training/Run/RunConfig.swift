import Evaluation
import Foundation
import Neural

/// Everything that decides what a trained model answers, and how it came to be; `config.json` of a run.
public struct RunConfig: Codable, Sendable, Equatable {
    public var version = 1
    public var arch: String
    public var head: String
    public var vocab: [String]
    public var preprocessing: Preprocessing
    /// One a label.
    public var thresholds: [Double]
    public var fits: [Fit]
    public var batchSize: Int
    public var minScale: Double
    /// Whether training images are cropped and flipped at random; otherwise they are prepared as validation's.
    public var augments = true
    /// How they are augmented; nil is RandomResizedCrop and flip of the whole image.
    public var augmentation: Augmentation?
    /// Whether a frozen body's batch norms keep their weights and statistics, so that its features never change.
    public var freezesNorms = false
    public var recipe = Recipe()
    public var validPct: Double
    /// How the table was split: `Split.Kind`.
    public var split: String
    public var seed: UInt64
    public var pretrained: String?

    public init(
        arch: String, head: ResNet.Head, vocab: [String], preprocessing: Preprocessing, thresholds: [Double],
        fits: [Fit] = [], batchSize: Int = 64, minScale: Double = 0.35, validPct: Double = 0.2,
        split: Split.Kind = .random, seed: UInt64 = 42, pretrained: String? = nil
    ) {
        self.arch = arch
        self.head = head.rawValue
        self.vocab = vocab
        self.preprocessing = preprocessing
        self.thresholds = thresholds
        self.fits = fits
        self.batchSize = batchSize
        self.minScale = minScale
        self.validPct = validPct
        self.split = split.rawValue
        self.seed = seed
        self.pretrained = pretrained
    }

    /// Has training images presized where nothing says how large: to one and a half times the input, as fastai does.
    public mutating func presize() {
        var augmentation = augmentation ?? Augmentation(.crop)
        augmentation.itemSize = augmentation.itemSize ?? preprocessing.size * 3 / 2
        self.augmentation = augmentation
    }

    /// What earlier versions did not write is as they did it.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        version = try values.decode(Int.self, forKey: .version)
        arch = try values.decode(String.self, forKey: .arch)
        head = try values.decode(String.self, forKey: .head)
        vocab = try values.decode([String].self, forKey: .vocab)
        preprocessing = try values.decode(Preprocessing.self, forKey: .preprocessing)
        thresholds = try values.decode([Double].self, forKey: .thresholds)
        fits = try values.decode([Fit].self, forKey: .fits)
        batchSize = try values.decode(Int.self, forKey: .batchSize)
        minScale = try values.decode(Double.self, forKey: .minScale)
        augments = try values.decodeIfPresent(Bool.self, forKey: .augments) ?? true
        augmentation = try values.decodeIfPresent(Augmentation.self, forKey: .augmentation)
        freezesNorms = try values.decodeIfPresent(Bool.self, forKey: .freezesNorms) ?? false
        recipe = try values.decodeIfPresent(Recipe.self, forKey: .recipe) ?? Recipe()
        validPct = try values.decode(Double.self, forKey: .validPct)
        split = try values.decode(String.self, forKey: .split)
        seed = try values.decode(UInt64.self, forKey: .seed)
        pretrained = try values.decodeIfPresent(String.self, forKey: .pretrained)
    }

    /// The network these settings describe.
    /// - Throws: `GraphError` or `InputError` naming what is unknown.
    public func graph() throws -> Graph {
        guard let head = ResNet.Head(rawValue: head) else {
            throw InputError(
                "unknown head", expected: ResNet.Head.allCases.map(\.rawValue).joined(separator: " or "),
                got: "'\(head)'")
        }
        return try ResNet(named: arch).graph(
            labelCount: vocab.count, head: head, dropout: Float(recipe.dropout))
    }

    /// The split of a table that these settings describe.
    public func makeSplit(_ table: LabelTable) throws -> Split {
        guard let kind = Split.Kind(rawValue: split) else {
            throw InputError("unknown split", expected: "random, stratified or column", got: "'\(split)'")
        }
        return try .make(kind, table, validationShare: validPct, seed: seed)
    }

    /// The one text of these settings: equal settings, equal bytes, equal digest.
    public func text() throws -> String { try JSON.text(self) + "\n" }

    /// - Throws: `InputError` if it is no configuration or contradicts itself.
    public static func parse(_ bytes: [UInt8], named file: String) throws -> RunConfig {
        let config: RunConfig
        do {
            config = try JSON.decode(RunConfig.self, from: bytes)
        } catch let error as InputError {
            throw InputError("\(error)", at: file)
        } catch {
            throw InputError(
                "is no run configuration", at: file, expected: "config.json of a run",
                got: (error as? DecodingError).map(JSON.complaint) ?? "other JSON or text")
        }
        try config.check(named: file)
        return config
    }

    /// - Throws: `InputError` if it contradicts itself.
    func check(named file: String) throws {
        guard version == 1, !vocab.isEmpty, Set(vocab).count == vocab.count,
            thresholds.count == vocab.count, thresholds.allSatisfy({ (0...1).contains($0) })
        else {
            throw InputError(
                "the configuration contradicts itself", at: file,
                expected: "labels, each once, with a threshold from 0 to 1 each")
        }
        if let objection {
            throw InputError(
                "the configuration contradicts itself", at: file, expected: "a recipe that can be trained",
                got: objection)
        }
    }
}
