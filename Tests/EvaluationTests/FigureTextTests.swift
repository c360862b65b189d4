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

    @Test(arguments: [
        (0.313149, "0.313"), (0.00025, "0.00025"), (0.99983, "0.99983"), (1, "1"), (0, "0"), (0.5, "0.5"),
        (0.0678457, "0.0678"),
    ])
    func sharesAreShort(_ value: Double, _ text: String) { #expect(FigureText.short(value) == text) }

    @Test(arguments: [
        (0.298902, 0.327397, "0.299…0.327"), (0.403089, 0.403262, "0.4031…0.4033"), (0.9999, 1, "0.9999…1"),
        (0, 0.0004, "0…0.0004"),
        (0.25, 0.25, "0.25…0.25"), (0.5, 0.500000001, "0.5…0.5"),
    ])
    func aRangesEndsAreToldApart(_ low: Double, _ high: Double, _ text: String) {
        #expect(FigureText.range(low, high) == text)
    }
}
