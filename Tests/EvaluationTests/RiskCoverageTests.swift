import Evaluation
import Foundation
import Testing

@Suite struct RiskCoverageTests {
    /// Each image by itself and every order of what is tied, by drawing many.
    @Test func pointsAndAreasAreThoseOfCountingImages() throws {
        var random = SeededGenerator(seed: 8)
        for hasTies in [false, true] {
            let parts = (0..<3).map { _ in AnalysisFixture.random(&random, count: 40, hasTies: hasTies) }
            let thresholds = [0.5, 0.3, 0.8]
            let columns = LabelColumns(
                labels: ["a", "b", "c"], scores: parts.map(\.scores), targets: parts.map(\.targets))
            let risk = try #require(RiskCoverage.measure(columns, thresholds: thresholds))
            let images = (0..<40).map { row -> (confidence: Double, wrong: Int) in
                let labels = (0..<3).map { label -> (margin: Double, isWrong: Bool) in
                    let (score, threshold) = (columns.scores[label][row], thresholds[label])
                    let margin =
                        score > threshold ? (score - threshold) / (1 - threshold) : (threshold - score) / threshold
                    return (margin, (score > threshold) != columns.targets[label][row])
                }
                return (labels.map(\.margin).min() ?? 0, labels.count(where: \.isWrong))
            }
            for point in risk.points {
                let answered = images.filter { $0.confidence >= point.confidence - 1e-12 }
                #expect(answered.count == point.count)
                let wrong = Double(answered.reduce(0) { $0 + $1.wrong }) / Double(3 * answered.count)
                #expect(abs(point.hammingLoss - wrong) < 1e-12)
                let broken = Double(answered.count { $0.wrong > 0 }) / Double(answered.count)
                #expect(abs(point.exactMatchError - broken) < 1e-12)
                #expect(point.intervalLow <= broken && broken <= point.intervalHigh)
            }
            #expect(risk.points.last?.coverage == 1)
            var sum = 0.0
            let draws = hasTies ? 4000 : 1
            for _ in 0..<draws {
                let order = random.permutation(40).sorted { images[$0].confidence > images[$1].confidence }
                var broken = 0
                for (place, row) in order.enumerated() {
                    broken += images[row].wrong > 0 ? 1 : 0
                    sum += Double(broken) / Double(place + 1)
                }
            }
            #expect(abs(sum / Double(40 * draws) - risk.exactMatchArea.value) < (hasTies ? 0.005 : 1e-12))
            for area in [risk.exactMatchArea, risk.hammingArea] {
                #expect(area.best <= area.value + 1e-12 && area.best <= area.random + 1e-12)
            }
            #expect(abs(risk.exactMatchArea.random - Double(images.count { $0.wrong > 0 }) / 40) < 1e-12)
        }
    }

    @Test func manyImagesAreThinnedAndOddOnesDefined() throws {
        var random = SeededGenerator(seed: 2)
        let (scores, targets) = AnalysisFixture.random(&random, count: 5000, hasTies: false)
        let columns = LabelColumns(labels: ["a"], scores: [scores], targets: [targets])
        let risk = try #require(RiskCoverage.measure(columns, thresholds: [0.5], limit: 100))
        #expect((90...100).contains(risk.points.count) && risk.points.last?.count == 5000)
        let gaps = zip(risk.points, risk.points.dropFirst()).map { $1.coverage - $0.coverage }
        #expect(try #require(gaps.max()) < 0.025)
        #expect(try #require(risk.point(coverage: 0.5)).coverage < 0.52)
        // Steps of one image and a half leave no rest for the end.
        let some = LabelColumns(
            labels: ["a"], scores: [Array(scores.prefix(150))], targets: [Array(targets.prefix(150))])
        let few = try #require(RiskCoverage.measure(some, thresholds: [0.5], limit: 100))
        let steps = zip(few.points, few.points.dropFirst()).map { $1.coverage - $0.coverage }
        #expect((90...100).contains(few.points.count))
        #expect(try #require(steps.max()) < 0.03)
        #expect(
            RiskCoverage.measure(LabelColumns(labels: ["a"], scores: [[]], targets: [[]]), thresholds: [0.5]) == nil)
        let edge = LabelColumns(labels: ["a"], scores: [[0, 1]], targets: [[false, true]])
        #expect(RiskCoverage.measure(edge, thresholds: [0])?.points.map(\.confidence) == [1, 0])
        #expect(RiskCoverage.measure(edge, thresholds: [1])?.points.map(\.confidence) == [1, 0])
    }
}
