import Evaluation
import Testing

@Suite struct FigureTextTests {
    @Test(arguments: [(2.0, "2"), (0.93, "0.93"), (0.42857142857142855, "0.428571"), (1e-9, "1e-09"), (0, "0")])
    func figuresAreShort(_ value: Double, _ text: String) {
        #expect(FigureText.of(value) == text)
    }

    @Test(arguments: [
        (0.5, 3, "0.5"), (1, 3, "1"), (0.1239, 3, "0.124"), (100, 0, "100"), (0.0002, 3, "0"), (0.0002, 4, "0.0002"),
        (-0.25, 1, "-0.2"), (.infinity, 3, "inf"),
    ]) func decimalsAreNotInVain(_ value: Double, _ count: Int, _ text: String) {
        #expect(FigureText.decimals(value, atMost: count) == text)
    }

    @Test func noFigureSeemsToLieOnABoundThatItMisses() {
        #expect(FigureText.of(0.9299999999, beside: 0.93) == "0.9299999999")
        #expect(FigureText.of(0.93, beside: 0.93) == "0.93")
    }
}
