import Evaluation
import Testing

@Suite struct IntervalTests {
    @Test func agreesWithScipy() throws {
        for expected in try MetricsFixture.read().intervals {
            let interval = Interval.clopperPearson(
                hits: expected.hits, count: expected.count, confidence: expected.confidence)
            #expect(abs(interval.lowerBound - expected.low) < 1e-10 && abs(interval.upperBound - expected.high) < 1e-10)
        }
    }
}
