import Evaluation
import Foundation
import Report
import Testing

@Suite struct ThresholdSectionTests {
    /// A rare label's best threshold lies far below a thousandth.
    @Test func smallThresholdsAreNotNothing() throws {
        let names = (0..<40).map { "\($0)" }
        let record = try EvaluationRecord.measure(
            title: "t",
            scores: Scores(names: names, labels: ["x"], values: names.indices.map { $0 < 20 ? 0.00025 : 0.00015 }),
            truth: Truth(names: names, labels: ["x"], targets: names.indices.map { $0 < 20 ? [0] : [] }),
            thresholds: [0.0003])
        let files = try HTMLReport.files(record: record, analysis: Analysis.measure(record))
        let page = String(decoding: try #require(files.first { $0.path == "index.html" }).bytes, as: UTF8.self)
        #expect(page.contains("<strong>0.0002</strong>") && page.contains("<td>0.0003</td>"))
        #expect(page.contains("0.00015…0.00025") && page.contains("best threshold 0.0002\""))
    }
}
