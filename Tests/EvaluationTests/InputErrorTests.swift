import Evaluation
import Testing

@Suite struct InputErrorTests {
    @Test func aLongListIsCut() {
        let vocab = (0..<1000).map { "label \($0)" }.joined(separator: ", ")
        let line = InputError("unknown label", at: "labels.csv", expected: "one of \(vocab)", got: "'x'").description
        #expect(line.count < 400 && line.hasSuffix("…; got 'x'"))
    }

    @Test func anEmptyPlaceIsStillAPlace() {
        #expect(InputError("there is no model", at: "").description == "'': there is no model")
    }
}
