import Evaluation
import Testing

@Suite struct ScoreOrderTests {
    /// Floats take another way than doubles, and many images another than few.
    @Test(arguments: [0, 1, 2, 100, 20_000], [true, false])
    func ordersAsComparingDoes(count: Int, isFloat: Bool) {
        var random = SeededGenerator(seed: 3)
        var scores = (0..<count).map { index -> Double in
            let score = index % 3 == 0 ? Double(random.integer(below: 20)) / 19 : random.uniform()
            return isFloat ? Double(Float(score)) : score
        }
        if count > 2 { (scores[1], scores[2]) = (-0.0, 0) }
        let expected = scores.indices.sorted { (-scores[$0], $0) < (-scores[$1], $1) }
        #expect(ScoreOrder.descending(scores).map(Int.init) == expected)
        #expect(ScoreOrder.ascending(scores) == scores.sorted())
    }
}
