/// Figures at one threshold say nothing of a model that predicts at another.
public enum ThresholdLint {
    /// One sentence where a record's thresholds are not those that the model predicts with; nil where they are.
    public static func remark(_ record: EvaluationRecord, decoding: [Double]) -> String? {
        let differing = zip(record.labels, zip(record.thresholds, decoding)).filter { $1.0 != $1.1 }
        guard let (label, (measured, decoded)) = differing.first else { return nil }
        func text(_ value: Double) -> String { FigureText.of(value) }
        let isShared = Set(record.thresholds).count == 1 && Set(decoding).count == 1
        let what =
            isShared
            ? "threshold \(text(measured)), but the model predicts at \(text(decoded))"
            : "other thresholds than the model predicts with, for \(differing.count) of \(record.labels.count) labels"
                + " (\(label): \(text(measured)) against \(text(decoded)))"
        return "the figures are at \(what): predict, gate and export will not do what they say"
    }
}
