import ArgumentParser
import Evaluation
import Training

/// `--threshold` and `--thresholds`: at which probability a label is predicted.
struct ThresholdOptions: ParsableArguments {
    @Option(help: ArgumentHelp("One threshold for all labels (default: the model's, else 0.5).", valueName: "p"))
    var threshold: String?

    @Option(
        help: ArgumentHelp(
            "A threshold for each label, as assay thresholds and assay evaluate write them.", valueName: "file"))
    var thresholds: String?

    /// The files that these options name.
    var inputs: [String?] { [thresholds] }

    func validate() throws {
        if let threshold { _ = try parseThreshold(threshold) }
        guard threshold == nil || thresholds == nil else {
            throw ValidationError("Give either --threshold or --thresholds.")
        }
    }

    /// The thresholds that are asked for, in the order of `labels`; nil if none are.
    func given(labels: [String]) throws -> [Double]? {
        if let threshold {
            let value = try parseThreshold(threshold)
            return labels.map { _ in value }
        }
        return try thresholds.map { try ThresholdsFile.read($0, labels: labels) }
    }
}

/// `--thresholds` where a model is judged for export: they become the model's own.
struct BakedThresholdOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A threshold for each label instead of the model's; judged, and exported, with it.", valueName: "file"))
    var thresholds: String?

    func apply(_ model: Model) throws -> Model {
        guard let thresholds else { return model }
        return try model.with(thresholds: ThresholdsFile.read(thresholds, labels: model.config.vocab))
    }
}
