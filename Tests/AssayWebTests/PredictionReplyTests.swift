import AssayWeb
import Testing

@Suite struct PredictionReplyTests {
    private func message(_ probabilities: [Double], _ thresholds: [Double]) -> String {
        PredictionReply(labels: ["a", "b", "c"], thresholds: thresholds, probabilities: probabilities).message
    }

    @Test func whatIsBelowIsNotSaidToBeAt() {
        let told = message([0.49999999, 0.1, 0.2], [0.5, 0.5, 0.5])
        #expect(told.hasSuffix("The nearest is a at 0.49999999, which needs more than 0.5."), "\(told)")
        #expect(message([0.5, 0.1, 0.2], [0.5, 0.5, 0.5]).hasSuffix("a at 0.5, which needs more than 0.5."))
        let small = message([0.00019, 0, 0], [0.0002, 0.5, 0.5])
        #expect(small.hasSuffix("a at 0.00019, which needs more than 0.0002."), "\(small)")
        #expect(message([1.0 / 3, 0, 0], [0.5, 0.5, 0.5]).contains(" a at 0.333333, "))
    }

    /// Each label by its own threshold: 0.2 is nearer to 0.25 than 0.6 is to 0.9.
    @Test func theNearestIsTheOneThatLacksLeast() {
        #expect(
            message([0.6, 0.2, 0.1], [0.9, 0.25, 0.5]).contains("The nearest is b at 0.2, which needs more than 0.25."))
        #expect(message([0.4, 0.4, 0.4], [0.5, 0.5, 0.5]).contains("The nearest is a at"))
        #expect(message([0.6, 0.6, 0.1], [0.5, 0.5, 0.5]) == "Predicted: a, b.")
    }
}
