import Evaluation
import Testing

@Suite struct CertainMistakesTests {
    private func remarks(_ values: [Double], _ targets: [Bool]) throws -> [String] {
        let names = values.indices.map { "\($0)" }
        let record = try EvaluationRecord.measure(
            title: "t", scores: Scores(names: names, labels: ["x"], values: values),
            truth: Truth(names: names, labels: ["x"], targets: targets.map { $0 ? [0] : [] }), thresholds: [0.5])
        return try #require(try Analysis.measure(record)).remarks
    }

    @Test func lossesThatAreCutOffAreCounted() throws {
        let found = try remarks([1, 1.0.nextDown, 0, 1e-50, 0.5], [false, false, true, true, true])
        #expect(found.contains { $0.hasPrefix("4 decisions were wrong at a probability of 0 or 1") })
        #expect(try remarks([1, 0.2], [false, false]).contains { $0.hasPrefix("1 decision was wrong") })
    }

    @Test func rightOnesAndDoubtfulOnesAreNot() throws {
        #expect(try remarks([1, 0, 0.999999, 1e-40], [true, false, false, true]).isEmpty)
    }
}
