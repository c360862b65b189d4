import Evaluation

/// What is said of one picture.
package struct PredictionReply {
    let labels: [String]
    /// One a label, as `probabilities`.
    let thresholds: [Double]
    let probabilities: [Double]

    package init(labels: [String], thresholds: [Double], probabilities: [Double]) {
        (self.labels, self.thresholds, self.probabilities) = (labels, thresholds, probabilities)
    }

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
    package var message: String {
        guard predicted.isEmpty else {
            return "Predicted: \(predicted.map { labels[$0] }.joined(separator: ", ")).".singleLine
        }
        // Each by its own threshold.
        let nearest = labels.indices.min { thresholds[$0] - probabilities[$0] < thresholds[$1] - probabilities[$1] }
        let told = nearest.map {
            let probability = FigureText.of(probabilities[$0], beside: thresholds[$0])
            return
                " The nearest is \(labels[$0]) at \(probability), which needs more than \(FigureText.of(thresholds[$0]))."
        }
        return "The model is not sure: no label is above its threshold.\(told ?? "")".singleLine
    }
}
