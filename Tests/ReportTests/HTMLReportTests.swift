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
        let right = record.topLosses.prefix(count).count(where: record.images.isExact)
        #expect(right == 0 ? !page.contains("not surely") : page.contains("Of these \(right) "))
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

    /// Every part of the page, and what is said of a verdict.
    @Test func hostileNamesStayText() throws {
        let record = try record(labels: Self.payloads, images: 30, title: Self.payloads[0], hostile: true)
        var options = Analysis.Options()
        (options.resamples, options.exclusive) = (20, [Self.payloads[0], Self.payloads[1]])
        let golden = GoldenSet(
            name: Self.payloads[0], imageFolder: "/nonexistent", images: record.images.map(\.name),
            expectations: Self.payloads.map { .init(match: "**", must: [$0]) } + [
                .init(match: Self.payloads[0], none: true)
            ],
            rules: Self.payloads.map { Rule(metric: .recall, label: $0, bound: .atLeast(1)) }
                + Self.payloads.map { Rule(metric: .exactMatch, slice: $0, bound: .atLeast(1)) })
        let verdict = Gate.judge(record: record, golden: golden, trainedOn: .lost(Self.payloads[0])).verdict
        #expect(!verdict.brokenExpectations.isEmpty && !verdict.notes.isEmpty)
        let page = page(
            try HTMLReport.files(
                record: record, analysis: Analysis.measure(record, options: options), verdict: verdict,
                imageFolder: "/nonexistent", links: [PageLink(path: Self.payloads[0], text: Self.payloads[0])]))
        expectText(page)
        #expect(page.contains("\\u{202e}gpj") && page.contains("a\\u{0}b"), "control characters are spelled out")
    }

    private func expectText(_ page: String, _ line: SourceLocation = #_sourceLocation) {
        #expect(isWellFormed(page), sourceLocation: line)
        for payload in Self.payloads where payload.contains("<") {
            #expect(!page.contains(payload), "\(payload)", sourceLocation: line)
        }
        #expect(
            !page.contains("<script") && !page.contains("<iframe") && !page.contains("<svg"), sourceLocation: line)
    }

    @Test func hostileNamesStayTextInSlicesAndSweeps() throws {
        let record = try record(labels: Self.payloads, images: 30, title: Self.payloads[0], hostile: true)
        let slices = SliceTable.measure(
            record, Self.payloads.enumerated().map { Slice(name: $1, rows: [$0, $0 + 15]) })
        #expect(slices.rows.count == Self.payloads.count)
        expectText(String(decoding: SlicePage.html(slices, title: Self.payloads[0]), as: UTF8.self))
        let sweep = try SweepTable.measure(
            record,
            [.init(factor: "blur", value: 0, record: nil), .init(factor: "blur", value: 2, record: record)],
            resamples: 10)
        let files = try SweepPage.files(sweep, title: Self.payloads[1])
        expectText(String(decoding: try #require(files.first { $0.path == "sweep.html" }).bytes, as: UTF8.self))
    }

    /// Titles are grey, so that a colour is that of something drawn.
    @Test func chartsAreDrawn() throws {
        for labels in [["a"], (0..<8).map { "label \($0)" }, (0..<120).map { "a rather long label name \($0)" }] {
            let record = try record(labels: labels)
            let pictures = try HTMLReport.files(record: record).filter { $0.path.hasSuffix(".png") }
            #expect(pictures.count >= 2)
            for picture in pictures {
                let image = try Image(decoding: picture.bytes, named: picture.path)
                let isColoured = stride(from: 0, to: image.pixels.count, by: 3).contains { at in
                    let pixel = image.pixels[at..<at + 3]
                    return Int(pixel.max() ?? 0) - Int(pixel.min() ?? 0) > 40
                }
                #expect(isColoured, "\(picture.path) is blank")
            }
            // accuracy_multi, blue, at a point in the middle of its curve; the axes reach from 46 to 704 and from 62 to 348.
            let bytes = try #require(pictures.first { $0.path == "img/threshold.png" }).bytes
            let image = try Image(decoding: bytes, named: "threshold")
            let (curve, middle) = (record.thresholdCurve, 14)
            let share = Double(middle) / Double(curve.count - 1)
            let (x, y) = (46 + share * (704 - 46), 348 - curve[middle].accuracyMulti * (348 - 62))
            let at = (Int(y * 2) * image.width + Int(x * 2)) * 3
            #expect(Array(image.pixels[at..<at + 3]) == [0x00, 0x72, 0xB2])
        }
    }
}
