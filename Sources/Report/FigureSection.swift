import Evaluation

/// Every figure of the whole, beside what predicting nothing would score.
enum FigureSection {
    static func html(_ record: EvaluationRecord) -> String {
        let (f, n) = (record.figures, record.nullFigures)
        func row(_ name: String, _ value: (Figures) -> Double?) -> [String] {
            [name, figure(value(f)), figure(value(n))]
        }
        func rows(_ name: String, _ average: KeyPath<Figures, AveragedFigures>) -> [[String]] {
            [
                row("precision, \(name)") { $0[keyPath: average].precision },
                row("recall, \(name)") { $0[keyPath: average].recall },
                row("F1, \(name)") { $0[keyPath: average].f1 },
                row("F2, \(name)") { $0[keyPath: average].f2 },
                row("F0.5, \(name)") { $0[keyPath: average].fHalf },
                row("Jaccard, \(name)") { $0[keyPath: average].jaccard },
            ]
        }
        let whole = [
            row("Hamming loss") { $0.hammingLoss }, row("Matthews, micro") { $0.matthews },
            row("balanced accuracy") { $0.balancedAccuracy }, row("coverage error") { $0.coverageError },
            row("label-ranking average precision") { $0.labelRankingAveragePrecision },
            row("ranking loss") { $0.rankingLoss }, row("Brier score") { $0.brier },
            row("expected calibration error") { $0.ece },
        ]
        let averages = rows("micro", \.micro) + rows("macro", \.macro) + rows("weighted", \.weighted)
        return """
            <details><summary>All figures</summary>
            \(table(
                caption: "Figures of the whole", head: ["figure", "value", "predicting nothing"],
                rows: whole + averages + rows("samples", \.samples)))
            </details>
            """
    }
}
