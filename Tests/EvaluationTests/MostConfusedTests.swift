import Evaluation
import Testing

@Suite struct MostConfusedTests {
    /// Random sets of ten labels: every sum that the matrix is said to have.
    @Test func theMatrixSumsToWhatItSays() {
        var random = SeededGenerator(seed: 17)
        func set() -> [Int] { (0..<10).filter { _ in random.uniform() < 0.2 } }
        let images = (0..<300).map { _ in (target: set(), said: set()) }
        let labels = (0..<10).map { "l\($0)" }
        let found = ConfusionMatrix.measure(
            labels: labels, targets: images.map(\.target), predicted: images.map(\.said))
        for label in 0..<10 {
            let support = Double(images.count { $0.target.contains(label) })
            #expect(abs(found.matrix[label].reduce(0, +) - support) < 1e-9)
            #expect(
                found.matrix[label][label]
                    == Double(images.count { $0.target.contains(label) && $0.said.contains(label) }))
        }
        func wrong(_ image: (target: [Int], said: [Int])) -> Int { Set(image.said).subtracting(image.target).count }
        func missed(_ image: (target: [Int], said: [Int])) -> Int { Set(image.target).subtracting(image.said).count }
        let inPlaceOfNone = images.filter { missed($0) == 0 }.reduce(0) { $0 + wrong($1) }
        #expect(found.matrix[10].reduce(0, +) == Double(inPlaceOfNone))
        let replacedByNone = images.filter { wrong($0) == 0 }.reduce(0) { $0 + missed($1) }
        #expect(found.matrix.reduce(0) { $0 + $1[10] } == Double(replacedByNone))
        let all = found.matrix.reduce(0) { $0 + $1.reduce(0, +) }
        #expect(abs(all - Double(images.reduce(0) { $0 + $1.target.count } + inPlaceOfNone)) < 1e-9)
    }

    @Test func theMostConfusedKeepTheirCells() {
        let found = ConfusionMatrix(
            labels: ["a", "b", "c", "nothing"],
            matrix: [[9, 0, 0, 1], [0, 5, 2.5, 0], [0, 0, 4, 3], [0, 0, 0, 0]])
        #expect(found.mostConfused(2).labels == ["b", "c", "nothing"])
        #expect(found.mostConfused(2).matrix == [[5, 2.5, 0], [0, 4, 3], [0, 0, 0]])
        #expect(found.mostConfused(9) == found)
        // d is never missed, but taken for a and b: its row is all right and its column decides.
        let column = ConfusionMatrix(
            labels: ["a", "b", "c", "d", "nothing"],
            matrix: [
                [9, 0, 0, 2, 0], [0, 5, 0, 2, 0], [0, 0, 4, 0, 3], [0, 0, 0, 8, 0], [0, 0, 0, 0, 0],
            ])
        #expect(column.mostConfused(1).labels == ["d", "nothing"])
        #expect(column.mostConfused(2).labels == ["c", "d", "nothing"])
        #expect(found.csv == "true,a,b,c,nothing\na,9,0,0,1\nb,0,5,2.5,0\nc,0,0,4,3\nnothing,0,0,0,0\n")
    }
}
