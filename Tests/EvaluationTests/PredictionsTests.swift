import Evaluation
import Foundation
import Testing

@Suite struct PredictionsTests {
    @Test func scoresReadBackBitForBit() throws {
        let scores = try Scores(names: ["a", "b,c"], labels: ["x", "\"y\""], values: [0.1, 1.0 / 3, 1e-300, 1])
        #expect(try Predictions.parse(Array(Predictions.csv(scores).utf8), named: "p") == scores)
    }

    @Test(arguments: ["nan", "1.5", "-0.1", "", "inf"])
    func whatIsNoProbabilityIsRefused(_ cell: String) {
        let error = #expect(throws: InputError.self) {
            try Predictions.parse(Array("fname,x\na,\(cell)\n".utf8), named: "p.csv")
        }
        #expect(error?.description.contains("p.csv:2, column 'x'") == true)
    }

    @Test func logitsAreSquashed() throws {
        let scores = try Predictions.parse(Array("fname,x,y\na,0,-800\n".utf8), named: "p", areLogits: true)
        #expect(scores.values == [0.5, 0])
    }
}
