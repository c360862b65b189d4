import Evaluation
import Foundation

/// What scikit-learn, SciPy and NumPy say; made by `make_analysis.py`.
struct AnalysisFixture: Decodable {
    struct Curve: Decodable { var scores, precision, recall, thresholds: [Double], truth: [Int] }
    struct Weighted: Decodable {
        var scores: [[Double]]
        var truth: [[Int]]
        var weights: [UInt16]
        var thresholds: [Double]
        var overall: [String: Double?]
        var perLabel: [[String: Double?]]

        enum CodingKeys: String, CodingKey {
            case scores, truth, weights, thresholds, overall
            case perLabel = "per_label"
        }

        var columns: LabelColumns {
            LabelColumns(
                labels: scores.indices.map { "label\($0)" }, scores: scores, targets: truth.map { $0.map { $0 == 1 } })
        }
    }
    struct Percentiles: Decodable { var values, shares, expected: [Double] }
    struct Bounds: Decodable { var hits, count: Int, confidence, low, high: Double }

    var curves: [Curve]
    var weighted: [Weighted]
    var percentiles: [Percentiles]
    var intervals: [Bounds]

    static func read(_ file: String = #filePath) throws -> AnalysisFixture {
        let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
        return try JSONDecoder().decode(
            AnalysisFixture.self, from: Data(contentsOf: folder.appendingPathComponent("Fixtures/analysis.json")))
    }

    /// Random scores, every other case with ties, and truth that they tell something of.
    static func random(
        _ generator: inout SeededGenerator, count: Int, hasTies: Bool, skill: Double = 0.5
    ) -> (scores: [Double], targets: [Bool]) {
        let targets = (0..<count).map { _ in generator.uniform() < 0.4 }
        let scores = targets.map { target -> Double in
            let score = min(1, generator.uniform() * (1 - skill) + (target ? skill : 0))
            return hasTies ? (score * 10).rounded() / 10 : score
        }
        return (scores, targets)
    }
}
