import Evaluation
import Foundation
import Training

/// The bundle's README: a model card with the figures of the gate that let it pass.
enum ModelCard {
    static func text(_ model: Model, _ pass: GatePass) throws -> String {
        let config = model.config
        let labels = config.vocab.map { "  - \(QuotedText.of($0, quote: "\""))" }.joined(separator: "\n")
        let rules = pass.verdict.rules.map { rule in
            "| \(VerdictFiles.escapedMarkdown(rule.rule)) | \(rule.value.map { "\($0)" } ?? "undefined") | \(rule.outcome.rawValue) |"
        }
        return """
            ---
            pipeline_tag: image-classification
            tags: [multi-label]
            model-index:
              - name: \(QuotedText.of(model.identity.name, quote: "\""))
            labels:
            \(labels)
            ---

            # \(VerdictFiles.escapedMarkdown(model.identity.name))

            A multi-label image classifier (\(config.arch), \(config.vocab.count) labels). It passed its manual tests before it was
            exported.

            - Input: RGB, \(config.preprocessing.size) x \(config.preprocessing.size) pixels, resized by \
            \(config.preprocessing.resize.rawValue) to \(config.preprocessing.resizeTo) and cut to the centre; mean \
            \(config.preprocessing.mean), std \(config.preprocessing.std) of values 0 to 1.
            - `model.onnx`: input `[batch, 3, H, W]`, outputs `logits` and `probabilities`.
            - A label is predicted where its probability is above its threshold (`assay.json`); none may be.

            ## Verdict: \(pass.verdict.outcome.rawValue) on \(VerdictFiles.escapedMarkdown(pass.verdict.goldenSet))

            | rule | figure | outcome |
            |---|---|---|
            \(rules.joined(separator: "\n"))

            Weights (SHA-256): `\(model.identity.digests[Model.weightsFile] ?? "")`

            """
    }
}
