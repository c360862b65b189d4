import Evaluation
import Foundation

/// What is said of one picture.
struct PredictionReply {
    let labels: [String]
    /// One a label, as `probabilities`.
    let thresholds: [Double]
    let probabilities: [Double]

    private var predicted: [Int] { labels.indices.filter { probabilities[$0] > thresholds[$0] } }

    var json: JSON {
        let predicted = Set(predicted)
        return .object([
            "labels": .array(labels.indices.filter(predicted.contains).map { .string(labels[$0]) }),
            "no_prediction": .bool(predicted.isEmpty),
            "message": .string(message),
            "scores": .array(
                labels.indices.map {
                    .object([
                        "label": .string(labels[$0]), "probability": .number(probabilities[$0]),
                        "threshold": .number(thresholds[$0]), "predicted": .bool(predicted.contains($0)),
                    ])
                }),
        ])
    }

    /// For a person: no prediction is an outcome of its own.
    var message: String {
        guard predicted.isEmpty else {
            return "Predicted: \(predicted.map { labels[$0] }.joined(separator: ", ")).".singleLine
        }
        let nearest = probabilities.indices.max { probabilities[$0] < probabilities[$1] }.map {
            " The nearest is \(labels[$0]) at \(Self.short(probabilities[$0])), which needs more than"
                + " \(Self.short(thresholds[$0]))."
        }
        return "The model is not sure: no label is above its threshold.\(nearest ?? "")".singleLine
    }

    /// Three decimals, none of them in vain.
    private static func short(_ value: Double) -> String {
        var text = String(format: "%.3f", value)
        while text.hasSuffix("0") { text.removeLast() }
        return text.hasSuffix(".") ? String(text.dropLast()) : text
    }
}
