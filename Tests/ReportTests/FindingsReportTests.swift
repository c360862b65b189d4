import Evaluation
import Foundation
import FoundationXML
import Report
import Testing

@Suite struct FindingsReportTests {
    private let hostile = "<script>alert(1)</script>\"'.jpg"

    private func record(_ values: [Double]) throws -> EvaluationRecord {
        try .measure(
            title: hostile, scores: Scores(names: [hostile, "b"], labels: ["<b>", "x"], values: values),
            truth: Truth(names: [hostile, "b"], labels: ["<b>", "x"], targets: [[0], [1]]), thresholds: [0.5])
    }

    private func page(_ files: [(path: String, bytes: [UInt8])]) throws -> String {
        String(decoding: try #require(files.first { $0.path == "index.html" }).bytes, as: UTF8.self)
    }

    private func isWellFormed(_ page: String) -> Bool {
        XMLParser(data: Data(page.replacingOccurrences(of: "<!DOCTYPE html>", with: "").utf8)).parse()
    }

    @Test func aComparisonEscapesNamesAndIsWellFormed() throws {
        let comparison = try ModelComparison.measure(record([0.9, 0.1, 0.2, 0.9]), record([0.1, 0.1, 0.2, 0.8]))
        let text = try page(ComparisonReport.files(comparison))
        #expect(!text.contains("<script>") && text.contains("&lt;script&gt;"))
        #expect(isWellFormed(text))
    }

    @Test func findingsEscapeNamesAndStandWithoutPictures() throws {
        let (names, labels) = ([hostile, "b"], ["<b>", "x"])
        let table = LabelTable(rows: [.init(name: hostile, labels: ["<b>"]), .init(name: "b", labels: ["x"])])
        let prints = names.map { ImageFingerprint(name: $0, digest: "same", hash: 0, thumbnail: [0, 9]) }
        let scores = try Scores(names: names, labels: labels, values: [0.6, 0.5, 0.5, 0.6])
        let findings = try DataFindings.find(table, labels: labels, prints: prints, scores: scores)
        let text = try page(FindingsReport.files(findings, imageFolder: "nowhere"))
        #expect(!text.contains("<script>") && text.contains("The image cannot be shown."))
        #expect(isWellFormed(text))
        let bare = try DataFindings.find(table, labels: labels, prints: prints, scores: nil)
        #expect(bare.wrongLabels == nil && bare.duplicateImages.count == 1)
        #expect(try !page(FindingsReport.files(bare, imageFolder: nil)).contains("Probably wrong"))
    }
}
