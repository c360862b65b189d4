import Evaluation
import Raster

/// The page's parts that are charts.
enum ChartSections {
    static func history(_ rows: [HistoryRow], _ pictures: inout Pictures) throws -> String {
        let chart = RecordCharts.history(rows)
        let last = rows.last.map {
            "at the end train_loss \(plain($0.trainLoss)), valid_loss \(plain($0.validLoss)), "
                + "accuracy_multi \(plain($0.accuracyMulti))"
        }
        return "<h2>Training</h2>\n"
            + (try pictures.chart(
                "history", wide: chart.draw(), narrow: chart.draw(width: Pictures.phoneWidth),
                alt: "Losses and accuracy_multi over \(rows.count) epochs; \(last ?? "")"))
    }

    static func thresholds(_ record: EvaluationRecord, _ pictures: inout Pictures) throws -> String {
        let chart = RecordCharts.thresholds(record)
        let best = record.thresholdCurve.max { $0.accuracyMulti < $1.accuracyMulti }.map {
            "; accuracy_multi is highest, \(plain($0.accuracyMulti)), at \(Ticks.label($0.threshold))"
        }
        return """
            <h2>Threshold</h2>
            <p>A label is predicted where its probability is above the threshold. Every point is exact.</p>

            """
                + (try pictures.chart(
                    "threshold", wide: chart.draw(), narrow: chart.draw(width: Pictures.phoneWidth),
                    alt: "accuracy_multi and macro F1 by threshold, beside predicting nothing\(best ?? "")"))
    }

    static func insteadOf(_ record: EvaluationRecord, _ pictures: inout Pictures) throws -> String {
        let confusion = record.confusion
        let nothing = "<em>\(escaped(confusion.nothing))</em>"
        var text = """
            <h2>What was predicted instead</h2>
            <p>Row: the true label. Column: what was said. A missed label is shared among the labels wrongly said of that \
            image, or stands under \(nothing); a wrong label on an image that misses none stands in row \(nothing).</p>

            """
        guard InsteadOfMatrixChart.isLegible(confusion) else { return text + Sections.frequentConfusions(confusion) }
        let alt = "Matrix of true labels by predicted labels; its largest cells off the diagonal are in the table below"
        let wide = try InsteadOfMatrixChart.draw(confusion)
        text += "<div class=\"beside\">\n"
        if let narrow = try InsteadOfMatrixChart.draw(confusion, within: Double(Pictures.phoneWidth)) {
            text += try pictures.chart("instead", wide: wide, narrow: narrow, alt: alt)
        } else {
            text += try pictures.chart("instead", wide, alt: alt)
        }
        return text + Sections.frequentConfusions(confusion) + "\n</div>\n" + Sections.wholeMatrix(confusion)
    }

    static func labelMatrices(_ record: EvaluationRecord, _ pictures: inout Pictures) throws -> String {
        var text = "<h2>Each label by itself</h2>\n<ul class=\"matrices\">\n"
        for (index, label) in record.perLabel.enumerated() {
            let picture = try pictures.tag(
                "label-\(index + 1)", LabelMatrixChart.draw(label),
                alt: "\(label.tp) hits, \(label.fn) missed, \(label.fp) false alarms, \(label.tn) rightly not",
                scale: Pictures.chartScale)
            text += "<li><figure><figcaption>\(named(label.label))</figcaption>\(picture)</figure></li>\n"
        }
        return text + "</ul>"
    }

    private static func plain(_ value: Double) -> String { Ticks.label(value) }
}
