import Evaluation
import Testing

@Suite struct LabelCooccurrenceTests {
    @Test func countsAreThoseOfEveryImage() throws {
        var random = SeededGenerator(seed: 6)
        let parts = (0..<5).map { _ in AnalysisFixture.random(&random, count: 150, hasTies: false, skill: 0.3) }
        let columns = LabelColumns(
            labels: ["a", "b", "c", "d", "e"], scores: parts.map(\.scores), targets: parts.map(\.targets))
        let found = LabelCooccurrence.measure(columns, thresholds: [0.5, 0.4, 0.9, 0.3, 1])
        for a in 0..<5 {
            for b in 0..<5 {
                func said(_ label: Int, _ row: Int) -> Bool {
                    parts[label].scores[row] > [0.5, 0.4, 0.9, 0.3, 1][label]
                }
                #expect(found.truth[a][b] == (0..<150).count { parts[a].targets[$0] && parts[b].targets[$0] })
                #expect(found.predicted[a][b] == (0..<150).count { said(a, $0) && said(b, $0) })
            }
        }
        let gaps = found.pairs.map { abs($0.truth - $0.predicted) }
        #expect(gaps == gaps.sorted(by: >) && found.pairs.count == 10)
        let first = found.pairs[0]
        #expect(
            first.expected == Double(found.truth[first.first][first.first] * found.truth[first.second][first.second])
                / 150)
        #expect(found.csv.split(separator: "\n").count == 16)
    }
}
