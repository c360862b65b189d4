import Evaluation
import Foundation
import Testing

/// A case of edge_cases.json; its script says what is null.
private struct EdgeCase: Decodable {
    struct Curves: Decodable { var pr, roc: [[Double?]] }
    var name: String
    /// In thousandths.
    var scores: [Int]
    /// 0 and 1, an image each.
    var truth: [String]
    var threshold: Double
    /// Precision, recall, F1, average precision, ROC AUC, Brier.
    var perLabel: [[Double?]]
    /// Precision, recall, F1.
    var micro, macro, weighted, samples: [Double?]
    var curves: [Curves]
    var figures: [String: Double?]

    enum CodingKeys: String, CodingKey {
        case name, scores, truth, threshold, micro, macro, weighted, samples, curves, figures
        case perLabel = "per_label"
    }

    static func read(_ file: String = #filePath) throws -> [EdgeCase] {
        let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
        return try JSONDecoder().decode(
            [EdgeCase].self, from: Data(contentsOf: folder.appendingPathComponent("Fixtures/edge_cases.json")))
    }

    func record() throws -> EvaluationRecord {
        let (names, labels) = (truth.indices.map { "image\($0)" }, perLabel.indices.map { "label\($0)" })
        let targets = truth.map { row in row.enumerated().filter { $1 == "1" }.map(\.0) }
        return try .measure(
            title: name, scores: Scores(names: names, labels: labels, values: scores.map { Double($0) / 1000 }),
            truth: Truth(names: names, labels: labels, targets: targets), thresholds: [threshold])
    }
}

/// Every figure and both curves against scikit-learn, within 1e-12, where inputs are at an edge.
@Suite struct EdgeCaseTests {
    @Test(arguments: 0..<14) func figuresAreScikitLearns(_ index: Int) throws {
        let expected = try EdgeCase.read()[index]
        let record = try expected.record()
        for (ours, theirs) in zip(record.perLabel, expected.perLabel) {
            let figures = [ours.precision, ours.recall, ours.f1, ours.averagePrecision, ours.rocAUC, ours.brier]
            for (a, b) in zip(figures, theirs) { #expect(agrees(a, b), "\(expected.name), \(ours.label)") }
        }
        let f = record.figures
        for (ours, theirs) in [
            (f.micro, expected.micro), (f.macro, expected.macro), (f.weighted, expected.weighted),
            (f.samples, expected.samples),
        ] {
            for (a, b) in zip([ours.precision, ours.recall, ours.f1], theirs) {
                #expect(agrees(a, b), "\(expected.name)")
            }
        }
        let several = expected.perLabel.count > 1
        let figures: [(String, Double?)] = [
            ("accuracy_multi", f.accuracyMulti), ("exact_match", f.exactMatch), ("hamming_loss", f.hammingLoss),
            ("loss", f.loss), ("mean_average_precision", f.meanAveragePrecision), ("macro_roc_auc", f.macroROCAUC),
            ("brier", f.brier),
        ]
        // The library knows no ranking of a single label.
        let ranking: [(String, Double?)] = [
            ("coverage_error", f.coverageError), ("label_ranking_average_precision", f.labelRankingAveragePrecision),
            ("ranking_loss", f.rankingLoss),
        ]
        for (name, value) in figures + (several ? ranking : []) {
            #expect(agrees(value, try #require(expected.figures[name])), "\(expected.name), \(name)")
        }
    }

    @Test(arguments: 0..<13) func curvesAreScikitLearns(_ index: Int) throws {
        let expected = try EdgeCase.read()[index]
        let curves = LabelCurve.measure(try expected.record(), limit: 2000)
        #expect(curves.count == expected.curves.count)
        func compare(_ ours: [[Double?]], _ theirs: [[Double?]], _ what: String) {
            #expect(ours.count == theirs.count, "\(expected.name), \(what)")
            for (a, b) in zip(ours, theirs) {
                for (a, b) in zip(a, b) { #expect(agrees(a, b), "\(expected.name), \(what)") }
            }
        }
        for (ours, theirs) in zip(curves, expected.curves) {
            compare(ours.points.map { [$0.threshold, $0.precision, $0.recall] }, theirs.pr, "precision and recall")
            compare(ours.roc.map { [$0.threshold, $0.falsePositiveRate, $0.truePositiveRate] }, theirs.roc, "ROC")
        }
    }
}
