import Evaluation
import Testing

@Suite struct InsteadOfMatrixTests {
    @Test func missedLabelsAreSharedAmongTheWrongOnes() {
        let matrix = ConfusionMatrix.measure(
            labels: ["a", "b", "c"], targets: [[0], [0], [0, 1], [1], []], predicted: [[0], [1, 2], [0], [0, 1], [2]])
        #expect(matrix.labels == ["a", "b", "c", "nothing"])
        #expect(matrix.matrix[0] == [2, 0.5, 0.5, 0])
        #expect(matrix.matrix[1] == [0, 1, 0, 1])
        #expect(matrix.matrix[2] == [0, 0, 0, 0])
        #expect(matrix.matrix[3] == [1, 0, 1, 0])
    }

    @Test func rowsSumToTheirSupport() throws {
        for fixture in try MetricsFixture.read().cases {
            let record = try fixture.record()
            for (row, label) in zip(record.confusion.matrix, record.perLabel) {
                #expect(abs(row.reduce(0, +) - Double(label.support)) < 1e-9)
            }
        }
    }
}
