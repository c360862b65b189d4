import Evaluation
import Foundation
import FoundationXML
import Raster
import Report
import Testing

@Suite struct HTMLReportTests {
    static let payloads = [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onload='x", "<svg/onload=1>",
        "javascript:alert(1)", "&lt;b&gt;",
        "</td></table><h1>", "<!--", "]]>", "`x`", "\u{202E}gpj", "a\u{0}b", "<iframe src=//x>", "{{7*7}}",
        "<style>*{}</style>",
    ]

    private func record(labels: [String], images: Int = 12, title: String = "run", hostile: Bool = false) throws
        -> EvaluationRecord
    {
        var random = SeededGenerator(seed: 4)
        let names = (0..<images).map { hostile ? "\($0)" + Self.payloads[$0 % Self.payloads.count] : "image \($0).jpg" }
        let values = (0..<images * labels.count).map { _ in random.uniform() }
        let targets = names.map { _ in labels.indices.filter { $0 > 0 && random.uniform() < 0.3 } }
        return try .measure(
            title: title, scores: Scores(names: names, labels: labels, values: values),
            truth: Truth(names: names, labels: labels, targets: targets), thresholds: [0.5])
    }

    private func page(_ files: [(path: String, bytes: [UInt8])]) -> String {
        String(decoding: files.first { $0.path == "index.html" }?.bytes ?? [], as: UTF8.self)
    }

    private func isWellFormed(_ page: String) -> Bool {
        let parser = XMLParser(data: Data(page.replacingOccurrences(of: "<!DOCTYPE html>", with: "").utf8))
        return parser.parse()
    }

    @Test func thePageIsWellFormedAndStandsAlone() throws {
        let record = try record(labels: ["-", "Cloth", "No_mask!"])
        let files = try HTMLReport.files(
            record: record, history: [HistoryRow(trainLoss: 1, validLoss: 0.5, accuracyMulti: 0.9)],
            imageFolder: "/nonexistent")
        let page = page(files)
        #expect(isWellFormed(page))
        for word in ["<script", "style=", "http:", "https:", "onclick"] { #expect(!page.contains(word), "\(word)") }
        let sources = ["src=\"", "srcset=\""].flatMap { attribute in
            page.components(separatedBy: attribute).dropFirst().compactMap {
                $0.split(separator: "\"").first.map(String.init)
            }
        }
        #expect(Set(sources) == Set(files.map(\.path).filter { $0.hasSuffix(".png") }))
        #expect(page.components(separatedBy: "<img ").dropFirst().allSatisfy { $0.contains("alt=\"") })
        #expect(page.components(separatedBy: "<table>").count == page.components(separatedBy: "<caption>").count)
        #expect(page.contains("title=\"undefined\""), "the label without positives has undefined figures")
        let again = try HTMLReport.files(
            record: record, history: [HistoryRow(trainLoss: 1, validLoss: 0.5, accuracyMulti: 0.9)],
            imageFolder: "/nonexistent")
        #expect(files.map(\.bytes) == again.map(\.bytes))
        let single = String(decoding: HTMLReport.singleFile(files), as: UTF8.self)
        #expect(!single.contains("=\"img/") && !single.contains("href=\"style.css\""))
        let pictures = files.filter { $0.path.hasSuffix(".png") }
        #expect(single.components(separatedBy: "data:image/png;base64,").count == pictures.count + 1)
        for picture in pictures {
            #expect(single.contains(Data(picture.bytes).base64EncodedString()), "\(picture.path)")
        }
    }

    @Test(arguments: [0, 3, 40, 500])
    func asManyOfTheWorstAreShownAsAskedFor(_ count: Int) throws {
        let record = try record(labels: ["a", "b"], images: 60)
        let page = page(try HTMLReport.files(record: record, topLossCount: count))
        let shown = page.components(separatedBy: "<dt>file</dt><dd>").dropFirst().map {
            $0.components(separatedBy: "<")[0]
        }
        #expect(shown == record.topLosses.prefix(count).map { record.images[$0].name })
        #expect(page.contains("Worst mistakes") == (count > 0))
    }

    /// At most 344 CSS pixels, or within something that scrolls by itself.
    @Test func picturesFitAPhone() throws {
        for labels in [["a"], (0..<8).map { "label \($0)" }, (0..<60).map { "a rather long label name \($0)" }] {
            let history = [HistoryRow(trainLoss: 1, validLoss: 0.5, accuracyMulti: 0.9)]
            let page = page(try HTMLReport.files(record: try record(labels: labels), history: history))
            for figure in page.components(separatedBy: "<figure").dropFirst()
            where !figure.hasPrefix(" class=\"chart scroll") {
                let width = figure.components(separatedBy: "width=\"").dropFirst().first
                let pixels = try #require(width.flatMap { Int($0.prefix { $0 != "\"" }) })
                #expect(pixels <= 344, "\(figure.prefix(160))")
            }
            #expect(page.components(separatedBy: "<li><figure>").count == labels.count + 1)
        }
    }

    @Test func longNamesAreCutAndToldWhole() throws {
        let name = String(repeating: "W", count: 300)
        let page = page(try HTMLReport.files(record: try record(labels: [name, "b"])))
        #expect(page.contains("<span title=\"\(name)\">\(name.prefix(72))…</span>"))
        #expect(!page.contains("<figcaption>\(name)"))
    }

    @Test func hostileNamesStayText() throws {
        let record = try record(labels: Self.payloads, images: 30, title: Self.payloads[0], hostile: true)
        let page = page(try HTMLReport.files(record: record, imageFolder: "/nonexistent"))
        #expect(isWellFormed(page))
        for payload in Self.payloads where payload.contains("<") { #expect(!page.contains(payload), "\(payload)") }
        #expect(page.contains("\\u{202e}gpj") && page.contains("a\\u{0}b"), "control characters are spelled out")
        #expect(!page.contains("<script") && !page.contains("<iframe") && !page.contains("<svg"))
    }

    @Test func chartsAreDrawn() throws {
        for labels in [["a"], (0..<8).map { "label \($0)" }, (0..<120).map { "a rather long label name \($0)" }] {
            let files = try HTMLReport.files(record: try record(labels: labels))
            let pictures = files.filter { $0.path.hasSuffix(".png") }
            #expect(pictures.count >= 2)
            for picture in pictures {
                let image = try Image(decoding: picture.bytes, named: picture.path)
                #expect(Set(image.pixels).count > 10, "\(picture.path) is blank")
            }
        }
    }
}
