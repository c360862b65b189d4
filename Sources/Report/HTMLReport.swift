import Evaluation
import Foundation
import Raster

/// A record as a page with pictures, complete without script and without the network.
public enum HTMLReport {
    /// The report's files by relative path: `index.html`, `style.css`, `img/*.png`.
    ///
    /// - Parameter imageFolder: where the record's images lie, for the top-loss pictures.
    /// - Throws: `ImageError` if a chart cannot be drawn.
    public static func files(
        record: EvaluationRecord, history: [HistoryRow] = [], verdict: Verdict? = nil, imageFolder: String? = nil
    ) throws -> [(path: String, bytes: [UInt8])] {
        var pictures = Pictures()
        var sections = [Sections.headline(record)]
        if let verdict { sections.append(Sections.verdict(verdict)) }
        if !history.isEmpty {
            sections.append(
                "<h2>Training</h2>\n"
                    + pictures.add(
                        "history", try RecordCharts.history(history), alt: "Losses and accuracy_multi by epoch",
                        scale: 2))
        }
        sections.append(
            "<h2>Threshold</h2>\n<p>A label is predicted where its probability is above the threshold. Every point is exact.</p>\n"
                + pictures.add(
                    "threshold", try RecordCharts.thresholds(record), alt: "accuracy_multi and macro F1 by threshold",
                    scale: 2))
        sections.append(Sections.perLabel(record))
        sections.append(try matrices(record, &pictures))
        if !record.slices.isEmpty { sections.append(Sections.slices(record)) }
        sections.append(try topLosses(record, imageFolder, &pictures))
        sections.append(Sections.wrongImages(record))
        let page = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <title>\(escaped(record.title)) - evaluation</title>
            <link rel="stylesheet" href="style.css"/>
            </head>
            <body>
            \(sections.joined(separator: "\n"))
            </body>
            </html>

            """
        return [("index.html", Array(page.utf8)), ("style.css", Array(StyleSheet.text.utf8))] + pictures.files
    }

    /// One page that carries its style and pictures within itself.
    public static func singleFile(_ files: [(path: String, bytes: [UInt8])]) -> [UInt8] {
        var page = String(decoding: files.first { $0.path == "index.html" }?.bytes ?? [], as: UTF8.self)
        let style = String(decoding: files.first { $0.path == "style.css" }?.bytes ?? [], as: UTF8.self)
        page = page.replacingOccurrences(
            of: "<link rel=\"stylesheet\" href=\"style.css\"/>", with: "<style>\n\(style)\n</style>")
        for file in files where file.path.hasSuffix(".png") {
            page = page.replacingOccurrences(
                of: "src=\"\(file.path)\"",
                with: "src=\"data:image/png;base64,\(Data(file.bytes).base64EncodedString())\"")
        }
        return Array(page.utf8)
    }

    private static func matrices(_ record: EvaluationRecord, _ pictures: inout Pictures) throws -> String {
        var text = """
            <h2>What was predicted instead</h2>
            <p>Row: the true label. Column: what was said. A missed label is shared among the labels wrongly said of that \
            image, or stands under <em>nothing</em>; a wrong label on an image that misses none stands in row \
            <em>nothing</em>.</p>
            """
        if record.confusion.labels.count <= InsteadOfMatrixChart.largest {
            text += pictures.add(
                "instead", try InsteadOfMatrixChart.draw(record.confusion),
                alt: "Matrix of true labels by predicted labels", scale: 2)
        }
        text += Sections.confusions(record)
        text += "\n<h2>Each label by itself</h2>\n"
        for (index, sheet) in try LabelMatricesChart.draw(record).enumerated() {
            text += pictures.add(
                "labels-\(index + 1)", sheet, alt: "Hits, misses, false alarms and right rejections of each label",
                scale: 2)
        }
        return text
    }

    private static func topLosses(
        _ record: EvaluationRecord, _ folder: String?, _ pictures: inout Pictures
    ) throws -> String {
        var text = """
            <h2>Worst mistakes</h2>
            <p>By loss: the mean over labels of the binary cross-entropy. Also in <code>top_losses.csv</code>.</p>
            <ul class="losses">

            """
        var thumbnails: [Image] = []
        for (rank, index) in record.topLosses.enumerated() {
            let outcome = record.images[index]
            var picture = ""
            if let folder {
                let image = try TopLossSheet.thumbnail(outcome.name, folder: folder)
                thumbnails.append(image)
                picture = pictures.tag(
                    "top-" + String(format: "%03d", rank + 1), image, alt: "Image \(outcome.name)", scale: 1)
            }
            text += "<li>\(picture)\(Sections.outcome(record, outcome))</li>\n"
        }
        text += "</ul>\n"
        if !thumbnails.isEmpty {
            text += "<details><summary>All of them on one sheet</summary>"
            text += pictures.add(
                "top_losses", try TopLossSheet.draw(record, thumbnails), alt: "Contact sheet of the worst mistakes",
                scale: 1)
            text += "</details>"
        }
        return text
    }
}

/// The pictures of a page, each named by what it shows and never by what a user typed.
struct Pictures {
    private(set) var files: [(path: String, bytes: [UInt8])] = []

    /// An `img` of the picture, shown at 1/`scale` of its pixels.
    mutating func tag(_ name: String, _ image: Image, alt: String, scale: Int) -> String {
        let path = "img/\(name).png"
        guard let bytes = try? image.pngBytes() else { return "" }
        files.append((path, bytes))
        return
            "<img src=\"\(path)\" alt=\"\(escaped(alt))\" width=\"\(image.width / scale)\" height=\"\(image.height / scale)\" loading=\"lazy\"/>"
    }

    mutating func add(_ name: String, _ image: Image, alt: String, scale: Int) -> String {
        "<figure class=\"charts\">\(tag(name, image, alt: alt, scale: scale))</figure>\n"
    }
}
