import Evaluation
import Foundation
import Raster

/// Which labels stand together, in truth and in predictions.
enum CooccurrenceSection {
    /// Pairs in the table.
    static let shownPairs = 30

    static func html(_ found: LabelCooccurrence, _ pictures: inout Pictures) throws -> String {
        let pairs = found.pairs
        guard !pairs.isEmpty else {
            return "<h2>Labels that stand together</h2>\n<p>No image carries two labels, and none is called two.</p>"
        }
        var text = """
            <h2>Labels that stand together</h2>
            <p>Images that carry two labels, in truth and as predicted. Below the diagonal: true; above it: predicted; a cell is \
            dark where most images of the rarer label carry the other. <em>Unrelated</em> is how many would carry both if one \
            label said nothing of the other. Every pair is in <a href="\(LabelCooccurrence.file)">\(LabelCooccurrence.file)</a>.</p>
            <div class="beside">

            """
        if let wide = try CooccurrenceChart.draw(found) {
            let alt = "Matrix of labels that stand together; its pairs are in the table beside it"
            if let narrow = try CooccurrenceChart.draw(found, within: Double(Pictures.phoneWidth)) {
                text += try pictures.chart("together", wide: wide, narrow: narrow, alt: alt)
            } else {
                text += try pictures.chart("together", wide, alt: alt)
            }
        }
        let rows = pairs.prefix(shownPairs).map { pair in
            [
                "\(named(found.labels[pair.first])) and \(named(found.labels[pair.second]))", "\(pair.truth)",
                "\(pair.predicted)", String(format: "%+d", pair.predicted - pair.truth),
                String(format: "%.1f", pair.expected),
            ]
        }
        return text
            + table(
                caption: pairs.count > shownPairs
                    ? "The \(shownPairs) of \(pairs.count) pairs that are predicted most differently"
                    : "Pairs, those predicted most differently first",
                head: ["labels", "true", "predicted", "difference", "unrelated"], rows: Array(rows)) + "\n</div>"
    }
}
