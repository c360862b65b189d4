import Evaluation
import Raster

/// The images with the largest losses, as a grid of pictures with captions and as contact sheets.
enum TopLossSection {
    static func html(
        _ record: EvaluationRecord, count: Int, imageFolder: String?, _ pictures: inout Pictures
    ) throws -> String {
        let shown = Array(record.topLosses.prefix(count))
        let right = shown.count(where: record.images.isExact)
        guard !shown.isEmpty else {
            return "<h2>Worst mistakes</h2>\n<p>No image's labels are fully known, so none has a loss.</p>"
        }
        var text = """
            <h2>Worst mistakes</h2>
            <p>The \(shown.count) of \(record.topLosses.count) images with the largest loss: the mean over labels of the \
            binary cross-entropy.\(right == 0 ? "" : " Of these \(right) \(right == 1 ? "is" : "are") right, but not surely so.") \
            All of them are in <code>top_losses.csv</code>.</p>
            <ul class="losses">

            """
        var sheets = ""
        for first in stride(from: 0, to: shown.count, by: TopLossSheet.largest) {
            let part = shown[first..<min(first + TopLossSheet.largest, shown.count)].map { record.images[$0] }
            var thumbnails: [Image?] = []
            for (offset, outcome) in part.enumerated() {
                let picture = try imageFolder.map { folder in
                    let thumbnail = try? TopLossSheet.thumbnail(outcome.name, folder: folder)
                    thumbnails.append(thumbnail)
                    return try thumbnail.map {
                        try pictures.tag("top-\(first + offset + 1)", $0, alt: "Image \(outcome.name)", scale: 1)
                    } ?? "<p class=\"soft\">The image cannot be shown.</p>"
                }
                text += "<li>\(picture ?? "")\(Sections.outcome(record, outcome))</li>\n"
            }
            guard thumbnails.contains(where: { $0 != nil }) else { continue }
            sheets += try pictures.chart(
                first == 0 ? "top_losses" : "top_losses-\(first / TopLossSheet.largest + 1)",
                TopLossSheet.draw(record, part, thumbnails), alt: "Contact sheet of the worst mistakes", scale: 1)
        }
        text += "</ul>\n"
        if !sheets.isEmpty { text += "<details><summary>As a contact sheet</summary>\(sheets)</details>" }
        return text
    }
}
