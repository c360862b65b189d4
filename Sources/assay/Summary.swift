import Evaluation
import Foundation

/// A record in a few lines for the terminal.
enum Summary {
    static func number(_ value: Double?) -> String { value.map { String(format: "%.4f", $0) } ?? "undefined" }

    /// The headline figures beside what predicting nothing would score.
    static func validation(_ record: EvaluationRecord) -> String {
        let (f, n) = (record.figures, record.nullFigures)
        let total = f.count * record.labels.count
        return """
            accuracy_multi   \(number(f.accuracyMulti))  (predicting nothing: \(number(n.accuracyMulti)); \
            \(record.wrongDecisions) of \(total) wrong)
            exact match      \(number(f.exactMatch))  (predicting nothing: \(number(n.exactMatch)))
            macro F1         \(number(f.macro.f1))
            mean avg. prec.  \(number(f.meanAveragePrecision))  (chance: \(number(n.meanAveragePrecision)))
            no prediction    \(f.noPredictionCount) of \(f.count) images
            """
    }
}
