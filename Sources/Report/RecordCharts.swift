import Evaluation
import Raster

/// The record's curves.
enum RecordCharts {
    /// accuracy_multi and macro F1 over the threshold, beside predicting nothing; the threshold in use is marked.
    static func thresholds(_ record: EvaluationRecord) -> LineChart {
        let curve = record.thresholdCurve
        let ends = [curve.first?.threshold, curve.last?.threshold].compactMap { $0 }
        let null = record.nullFigures.accuracyMulti
        var lines = [
            LineChart.Line(
                name: "accuracy_multi", color: Palette.blue, points: curve.map { ($0.threshold, $0.accuracyMulti) }),
            LineChart.Line(
                name: "macro F1", color: Palette.orange,
                points: curve.compactMap { point in point.macroF1.map { (point.threshold, $0) } }),
        ]
        if let null {
            lines.append(
                LineChart.Line(
                    name: "predicting nothing (accuracy_multi)", color: Palette.soft, points: ends.map { ($0, null) },
                    isDashed: true))
        }
        let shared = Set(record.thresholds).count == 1 ? record.thresholds.first : nil
        return LineChart(
            title: "Threshold and what it decides", xTitle: "threshold for every label", lines: lines, yRange: 0...1,
            mark: shared.map { ($0, "in use: \(FigureText.of($0))") })
    }

    static func history(_ rows: [HistoryRow]) -> LineChart {
        func points(_ value: (HistoryRow) -> Double) -> [(x: Double, y: Double)] {
            rows.enumerated().map { (Double($0 + 1), value($1)) }
        }
        return LineChart(
            title: "Training", xTitle: "epochs trained", hasWholeTicks: true,
            lines: [
                LineChart.Line(name: "train_loss", color: Palette.orange, points: points(\.trainLoss)),
                LineChart.Line(name: "valid_loss", color: Palette.blue, points: points(\.validLoss)),
                LineChart.Line(
                    name: "accuracy_multi", color: Palette.green, points: points(\.accuracyMulti), isDashed: true),
            ])
    }
}
