import Evaluation
import Foundation

/// Every figure of the whole, beside what predicting nothing would score.
enum FigureSection {
    static func html(_ record: EvaluationRecord, _ intervals: FigureIntervals? = nil) -> String {
        let (f, n) = (record.figures, record.nullFigures)
        /// - Parameter key: the figure's name in `intervals.json`.
        func row(_ name: String, _ key: String, _ value: (Figures) -> Double?) -> [String] {
            [name, figure(value(f))] + (intervals.map { [IntervalSection.short($0.figures[key])] } ?? [])
                + [figure(value(n))]
        }
        func rows(_ name: String, _ average: KeyPath<Figures, AveragedFigures>) -> [[String]] {
            [
                row("precision, \(name)", "\(name)_precision") { $0[keyPath: average].precision },
                row("recall, \(name)", "\(name)_recall") { $0[keyPath: average].recall },
                row("F1, \(name)", "\(name)_f1") { $0[keyPath: average].f1 },
                row("F2, \(name)", "\(name)_f2") { $0[keyPath: average].f2 },
                row("F0.5, \(name)", "\(name)_f_half") { $0[keyPath: average].fHalf },
                row("Jaccard, \(name)", "\(name)_jaccard") { $0[keyPath: average].jaccard },
            ]
        }
        let whole = [
            row("Hamming loss", "hamming_loss") { $0.hammingLoss }, row("Matthews, micro", "matthews") { $0.matthews },
            row("balanced accuracy, macro", "balanced_accuracy") { $0.balancedAccuracy },
            row("coverage error", "coverage_error") { $0.coverageError },
            row("label-ranking average precision", "label_ranking_average_precision") {
                $0.labelRankingAveragePrecision
            },
            row("ranking loss", "ranking_loss") { $0.rankingLoss }, row("Brier score", "brier") { $0.brier },
            row("expected calibration error", "ece") { $0.ece },
        ]
        let averages = rows("micro", \.micro) + rows("macro", \.macro) + rows("weighted", \.weighted)
        let share = intervals.map { ["\(String(format: "%g", $0.confidence * 100)) % interval"] } ?? []
        return """
            <details><summary>All figures</summary>
            \(remark(intervals))\(table(
                caption: "Figures of the whole", head: ["figure", "value"] + share + ["predicting nothing"],
                rows: whole + averages + rows("samples", \.samples)))
            </details>
            """
    }

    /// What intervals are worth, where they are shown.
    private static func remark(_ intervals: FigureIntervals?) -> String {
        guard let intervals else { return "" }
        return """
            <p>The calibration error adds up distances, so that chance makes it larger on every set of images; its interval is \
            of sets as large as this one, and that of a well calibrated model does not reach down to 0.</p>
            \(exactRemark(intervals))
            """
    }

    /// What an exact interval of decisions is worth, where one is shown.
    private static func exactRemark(_ intervals: FigureIntervals) -> String {
        let ofDecisions = ["accuracy_multi", "hamming_loss", "micro_precision", "micro_recall"]
        guard ofDecisions.contains(where: { intervals.figures[$0]?.shown?.isExact == true }) else { return "" }
        return """
            <p><em>exact</em> is Clopper and Pearson's interval of independent trials. Decisions about one image are not \
            independent: where it is of decisions (accuracy_multi, Hamming loss, micro averages) it is narrower than it should be.</p>

            """
    }
}
