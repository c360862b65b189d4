import Evaluation
import Raster

/// The page's parts that are charts.
enum ChartSections {
    /// Labels that are drawn of a matrix too large to be drawn whole.
    private static let partSize = 25

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
            "; accuracy_multi is highest, \(plain($0.accuracyMulti)), at \(FigureText.decimals($0.threshold))"
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
            image, or stands under \(nothing); a wrong label on an image that misses none stands in row \(nothing). So a label's \
            row sums to the images that carry it. The whole matrix is in \
            <a href="\(ConfusionMatrix.file)">\(ConfusionMatrix.file)</a>.</p>

            """
        guard InsteadOfMatrixChart.isLegible(confusion) else {
            let part = confusion.mostConfused(partSize)
            text += "<p>Here are the \(partSize) of \(record.labels.count) labels that are confused most.</p>\n"
            text += try pictures.chart(
                "instead", InsteadOfMatrixChart.draw(part), alt: "Matrix of the \(partSize) most confused labels")
            return text + Sections.frequentConfusions(confusion, limit: 40)
        }
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

    private static func plain(_ value: Double) -> String { FigureText.decimals(value) }
}
