import Evaluation
import Foundation
import Testing

@Suite struct LogitRemarksTests {
    private func read(_ cells: [String]) throws -> ScoreTable {
        let rows = cells.enumerated().map { "\($0),\($1)\n" }.joined()
        return try Predictions.parseTable(Array(("fname,x\n" + rows).utf8), named: "p.csv", areLogits: true)
    }

    @Test func noLogitIsCertain() throws {
        let table = try read(["40", "709", "1e300", "-40", "36"])
        #expect((0..<3).allSatisfy { table.columns[0, $0] == 1.0.nextDown })
        #expect(abs(table.columns[0, 3] / exp(-40) - 1) < 1e-12)
        #expect(table.columns[0, 4] < 1.0.nextDown)
        // What the two decisions at 40 cost: 36.7 and hardly anything.
        #expect(abs(CrossEntropy.term(table.columns[0, 0], false) - 53 * log(2)) < 1e-9)
        #expect(CrossEntropy.term(table.columns[0, 0], true) < 1e-15)
    }

    @Test func whatProbabilitiesCannotHoldIsSaid() throws {
        let remarks = try read(["40", "38", "-101", "-99", "36", "2"]).logitRemarks
        #expect(remarks.count == 1 && remarks[0].hasPrefix("3 of 6 logits are above 36.7 or below -100"))
        #expect(try read(["36", "-99", "0.5"]).logitRemarks.isEmpty)
    }

    @Test func probabilitiesThatAreTakenForLogitsAreNoticed() throws {
        let remarks = try read(["0", "0.5", "1"]).logitRemarks
        #expect(remarks == ["every logit lies from 0 to 1, as probabilities do; is --logits meant?"])
        #expect(try read(["0.5", "1.01"]).logitRemarks.isEmpty)
        #expect(try read(["0.5", "-0.01"]).logitRemarks.isEmpty)
    }
}
