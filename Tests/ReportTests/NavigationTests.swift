import Evaluation
import Foundation
import FoundationXML
import Report
import Testing

@Suite struct NavigationTests {
    private func record(labels count: Int) throws -> EvaluationRecord {
        var random = SeededGenerator(seed: 4)
        let (names, labels) = ((0..<60).map { "\($0).png" }, (0..<count).map { "label \($0) <b>" })
        return try .measure(
            title: "run",
            scores: Scores(
                names: names, labels: labels, values: (0..<60 * count).map { _ in random.uniform() }),
            truth: Truth(
                names: names, labels: labels,
                targets: names.map { _ in labels.indices.filter { _ in random.uniform() < 0.05 } }), thresholds: [0.8])
    }

    private func page(_ files: [(path: String, bytes: [UInt8])], _ name: String = "index.html") -> String {
        String(decoding: files.first { $0.path == name }?.bytes ?? [], as: UTF8.self)
    }

    private func isWellFormed(_ page: String) -> Bool {
        XMLParser(data: Data(page.replacingOccurrences(of: "<!DOCTYPE html>", with: "").utf8)).parse()
    }

    @Test func everyPartIsReachedAndFilesAreLinkedButInASinglePage() throws {
        let record = try record(labels: 3)
        let files = try HTMLReport.files(
            record: record, analysis: Analysis.measure(record),
            links: [PageLink(path: "sweep.html", text: "Sweeps"), PageLink(path: "javascript:x\"", text: "<i>")])
        let page = page(files)
        #expect(isWellFormed(page) && page.contains("<a href=\"sweep.html\">Sweeps</a>"))
        #expect(!page.contains("\"javascript:") && page.contains("&lt;i&gt;"))
        let ids = page.components(separatedBy: "<h2 id=\"").dropFirst().map { $0.prefix { $0 != "\"" } }
        let anchors = page.components(separatedBy: "href=\"#").dropFirst().map { $0.prefix { $0 != "\"" } }
        #expect(ids.count > 8 && ids == anchors && !page.contains("<h2>"))
        let single = String(decoding: HTMLReport.singleFile(files), as: UTF8.self)
        #expect(isWellFormed(single) && single.contains("href=\"#part-1\""))
        #expect(single.components(separatedBy: "<a href=\"").dropFirst().allSatisfy { $0.hasPrefix("#") })
    }

    @Test func manyLabelsAreFoldedTheWorstFirst() throws {
        let record = try record(labels: 200)
        let files = try HTMLReport.files(record: record, analysis: Analysis.measure(record), topLossCount: 0)
        let page = page(files)
        #expect(isWellFormed(page))
        let opened = page.components(separatedBy: "<details>").map {
            $0.components(separatedBy: "</details>").last ?? ""
        }
        let inSight = opened.joined().components(separatedBy: "<tr>").count
        #expect(inSight < 200, "\(inSight) rows are not folded away")
        #expect(page.contains("The other 180") && page.contains("instead_of.csv"))
        for label in [0, 57, 199] { #expect(page.contains("<figcaption>label \(label) &lt;b&gt;</figcaption>")) }
        #expect(files.count { $0.path.hasPrefix("img/label-") } == 200)
        for chart in ["curve", "recall", "reliability"] {
            #expect(files.count { $0.path.hasPrefix("img/\(chart)-") } == 200, "a chart for every label")
            #expect(page.contains("src=\"img/\(chart)-200.png\""))
        }
        let shown = opened.joined().components(separatedBy: "<figcaption>").count
        #expect(shown < 60, "\(shown) charts are not folded away")
    }

    @Test func moreLabelsThanAGridHoldsAreLeftOutAndTheWorstAreNot() throws {
        let record = try record(labels: 450)
        let files = try HTMLReport.files(record: record, topLossCount: 0)
        let page = page(files)
        let worst = try #require(record.perLabel.max { $0.fp + $0.fn < $1.fp + $1.fn })
        let index = try #require(record.labels.firstIndex(of: worst.label))
        #expect(files.count { $0.path.hasPrefix("img/label-") } == 400)
        #expect(page.contains("src=\"img/label-\(index + 1).png\"") && page.contains("50 more labels are left out"))
        #expect(isWellFormed(page))
    }

    @Test func linksLeadFromOneFolderToAnother() {
        #expect(PageLink(to: "/a/b/index.html", from: "/a/c d", text: "t").path == "../b/index.html")
        #expect(PageLink(to: "/x y/i.html", from: "/a/b/c", text: "t").path == "../../../x y/i.html")
    }
}
