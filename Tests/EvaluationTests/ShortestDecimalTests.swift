import Evaluation
import Testing

/// The writer's own decimals against the standard library's.
@Suite struct ShortestDecimalTests {
    private func text(_ values: [Double]) throws -> [String] {
        let scores = try Scores(names: values.indices.map { "\($0)" }, labels: ["a"], values: values)
        let truth = try Truth(names: scores.names, labels: ["a"], targets: values.map { _ in [] })
        let record = try EvaluationRecord.measure(title: "t", scores: scores, truth: truth, thresholds: [0.5])
        let lines = try RecordFile.topLossesCSV(record).split(separator: "\n").dropFirst()
        var texts = [String](repeating: "", count: values.count)
        for line in lines {
            let cells = line.split(separator: ",", omittingEmptySubsequences: false)
            texts[Int(cells[1]) ?? 0] = String(cells[5])
        }
        return texts
    }

    @Test func decimalsAreTheStandardLibrarys() throws {
        var random = SeededGenerator(seed: 5)
        var values: [Double] = [
            0, 1, 0.5, 0.25, 0.1, 0.0001, 0.001, 0.01, 1e-5, .leastNonzeroMagnitude, 1e-4.nextDown, 1e-4.nextUp,
        ]
        values += [0.1, 0.01, 0.001, 0.3, 1].flatMap { [$0.nextDown.nextDown, $0.nextDown, min(1, $0.nextUp)] }
        for _ in 0..<4000 {
            let score = random.uniform()
            values += [score, Double(Float(score)), (score * 100).rounded() / 100, score * score * score * score]
            // Few binary digits: exact decimals, and some as near to one short decimal as to another.
            values.append((score * 0x1p17).rounded(.down) * 0x1p-17)
            values.append((score * 0x1p18).rounded(.down) * 0x1p-18)
            values.append(Double(Float(score * 0.001)))
        }
        #expect(try text(values) == values.map(\.description))
    }
}
