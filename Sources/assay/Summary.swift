import Evaluation
import Foundation

/// A record in a few lines for the terminal.
enum Summary {
    static func number(_ value: Double?) -> String { value.map { String(format: "%.4f", $0) } ?? "undefined" }

    /// The headline figures beside what predicting nothing would score.
    static func validation(_ record: EvaluationRecord, _ analysis: Analysis? = nil) -> String {
        let (f, n) = (record.figures, record.nullFigures)
        let total = f.count * record.labels.count
        func interval(_ name: String) -> String {
            guard let bounds = analysis?.intervals?.figures[name], bounds.value != nil else { return "" }
            guard let shown = bounds.shown else { return bounds.reason.map { "  (no interval: \($0))" } ?? "" }
            return " \(number(shown.low))…\(number(shown.high))\(shown.isExact ? " exact" : "")"
        }
        return """
            accuracy_multi   \(number(f.accuracyMulti))\(interval("accuracy_multi"))  (predicting nothing: \(number(n.accuracyMulti)); \
            \(record.wrongDecisions) of \(total) wrong)
            exact match      \(number(f.exactMatch))\(interval("exact_match"))  (predicting nothing: \(number(n.exactMatch)))
            macro F1         \(number(f.macro.f1))\(interval("macro_f1"))
            mean avg. prec.  \(number(f.meanAveragePrecision))\(interval("mean_average_precision"))  (chance: \(number(n.meanAveragePrecision)))
            no prediction    \(f.noPredictionCount) of \(f.count) images
            """
    }
}
