import Evaluation
import Foundation
import Testing

@Suite struct CalibrationRemarksTests {
    private func columns(_ labels: [(String, [Double], [Bool])]) -> LabelColumns {
        LabelColumns(labels: labels.map(\.0), scores: labels.map(\.1), targets: labels.map(\.2))
    }

    @Test func whatCannotBeFittedIsNot() {
        let one = columns([("a", [0.7], [true]), ("b", [0.4], [false]), ("c", [0.6], [false])])
        #expect(Calibration.refusal(one) == "1 image")
        let found = Calibration.measure(one)
        #expect(found.scaling.temperature == nil && found.scaling.perLabel.allSatisfy { $0.isotonic == nil })
        #expect(found.remarks == ["no scaling can be fitted on 1 image"])
        let single = columns([("a", [0.7, 0.8], [true, true]), ("b", [0.4, 0.1], [false, false])])
        #expect(Calibration.refusal(single)?.contains("2 images in which no label") == true)
        #expect(Calibration.refusal(columns([("a", [0.7, 0.8], [true, false])])) == nil)
    }

    /// Scores on the right side of a half for every image: the surer the better, without end.
    @Test func anEndOfTheSearchIsNoEstimate() {
        let scores = (0..<40).map { (image: Int) -> Double in Double(image < 20 ? 60 + image : image) / 100 }
        let separated = Calibration.measure(columns([("a", scores, (0..<40).map { $0 < 20 })]))
        #expect(separated.scaling.temperature == nil && separated.scaling.perLabel[0].temperature == nil)
        #expect(separated.remarks.contains { $0.hasPrefix("there is no one temperature") })
        #expect(separated.remarks.contains { $0.hasPrefix("no temperature of their own") && $0.hasSuffix("'a'") })
        // A label's least loss beyond a temperature of 100 either.
        #expect(Temperature.fit([[0.2, 0.8, 0.7]], [[true, false, false]]) == nil)
        #expect(separated.trials.first { $0.method == .temperature }?.unfitted == ["a"])
        #expect(separated.trials.first { $0.method == .isotonic }?.unfitted == [])
        #expect(throws: InputError.self) {
            try separated.scaling.apply(Scores(names: ["x"], labels: ["a"], values: [0.3]), method: .temperature)
        }
    }

    @Test func littleIsSaidToBeLittle() {
        var random = SeededGenerator(seed: 2)
        let many = AnalysisFixture.random(&random, count: 400, hasTies: false, skill: 0.2)
        // One positive can be in one half alone; nine are few.
        let rare = (0..<400).map { $0 == 7 }
        let few = (0..<400).map { $0 % 45 == 3 }
        let none = (0..<400).map { _ in false }
        let found = Calibration.measure(
            columns([
                ("many", many.scores, many.targets), ("rare", many.scores, rare), ("few", many.scores, few),
                ("none", many.scores, none),
            ]))
        func names(_ start: String) -> String? { found.remarks.first { $0.hasPrefix(start) } }
        #expect(names("without positives or without negatives")?.hasSuffix(": 'none'") == true)
        #expect(names("without both outcomes in one of the two halves")?.hasSuffix(": 'rare'") == true)
        #expect(names("fewer than 10 positives or negatives")?.hasSuffix(": 'rare', 'few'") == true)
        #expect(names("only ") == nil && found.scaling.temperature != nil)
        let tiny = Calibration.measure(columns([("a", [0.7, 0.2, 0.6, 0.3], [true, false, false, true])]))
        #expect(tiny.remarks.contains("only 2 positive and 2 negative decisions in all: the temperature is a guess"))
    }
}
