import Evaluation
import Training

/// What is said of the model.
enum ModelReply {
    static func json(_ model: Model, isBundle: Bool, maximumBytes: Int) -> JSON {
        let config = model.config
        let preprocessing = config.preprocessing
        return .object([
            "name": .string(model.identity.name),
            "architecture": .string(config.arch),
            "head": .string(config.head),
            "labels": .array(config.vocab.map(JSON.string)),
            "thresholds": .array(config.thresholds.map { .number($0) }),
            "preprocessing": .object([
                "size": .integer(preprocessing.size), "resize": .string(preprocessing.resize.rawValue),
                "resize_to": .integer(preprocessing.resizeTo),
                "mean": .array(preprocessing.mean.map { .number(Double("\($0)")) }),
                "std": .array(preprocessing.std.map { .number(Double("\($0)")) }),
            ]),
            "weights_sha256": model.identity.digests[Model.weightsFile].map(JSON.string) ?? .null,
            "is_bundle": .bool(isBundle),
            "maximum_bytes": .integer(maximumBytes),
        ])
    }
}
