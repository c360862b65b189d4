import Evaluation
import Foundation
import Raster

/// A record as a page with pictures, complete without script and without the network.
public enum HTMLReport {
    /// How many of the worst images are shown unless asked otherwise.
    public static let topLossCount = 40

    /// The report's files by relative path: `index.html`, `style.css`, `img/*.png`.
    ///
    /// - Parameters:
    ///   - analysis: of this record.
    ///   - imageFolder: where the record's images lie, for the top-loss pictures.
    ///   - links: to other pages of the folder.
    ///   - topLossCount: how many images the top-loss grid shows at most.
    /// - Throws: `ImageError` if a chart cannot be drawn.
    public static func files(
        record: EvaluationRecord, analysis: Analysis? = nil, history: [HistoryRow] = [], verdict: Verdict? = nil,
        imageFolder: String? = nil,
        topLossCount: Int = HTMLReport.topLossCount, links: [PageLink] = []
    ) throws -> [(path: String, bytes: [UInt8])] {
        var pictures = Pictures()
        var sections = [Sections.headline(record, analysis), FigureSection.html(record, analysis?.intervals)]
        if let verdict { sections.append(Sections.verdict(verdict)) }
        if !history.isEmpty { sections.append(try ChartSections.history(history, &pictures)) }
        sections.append(try ChartSections.thresholds(record, &pictures))
        if let analysis { sections.append(try ThresholdSection.html(analysis, &pictures)) }
        if let calibration = analysis?.calibration {
            sections.append(try CalibrationSection.html(calibration, &pictures))
        }
        if let analysis { sections.append(try AbstentionSection.html(record, analysis, &pictures)) }
        sections.append(Sections.perLabel(record))
        if let intervals = analysis?.intervals { sections.append(IntervalSection.html(intervals)) }
        sections.append(try ChartSections.insteadOf(record, &pictures))
        sections.append(try LabelDecisions.html(record, &pictures))
        if let found = analysis?.cooccurrence { sections.append(try CooccurrenceSection.html(found, &pictures)) }
        if !record.slices.isEmpty { sections.append(Sections.slices(record)) }
        if topLossCount > 0 {
            sections.append(
                try TopLossSection.html(record, count: topLossCount, imageFolder: imageFolder, &pictures))
        }
        sections.append(Sections.wrongImages(record))
        return Page.files(
            title: "\(record.title) - evaluation", sections: sections, pictures: pictures, links: links)
    }

    /// One page that carries its style and pictures within itself.
    public static func singleFile(_ files: [(path: String, bytes: [UInt8])]) -> [UInt8] {
        let page = String(decoding: files.first { $0.path == "index.html" }?.bytes ?? [], as: UTF8.self)
            .replacingOccurrences(of: Page.styleLink, with: "<style>\n\(StyleSheet.text)\n</style>")
        return Array(Pictures.embedded(Navigation.withoutFiles(page), files).utf8)
    }
}
