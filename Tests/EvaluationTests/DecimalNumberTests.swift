import Evaluation
import Foundation
import Testing

/// Cells of predictions, which are read without `strtod` where that can be.
@Suite struct DecimalNumberTests {
    private func read(_ cells: [String]) throws -> [Double] {
        let rows = cells.enumerated().map { "\($0),\($1)\n" }.joined()
        return try Predictions.parse(Array("fname,x\n\(rows)".utf8), named: "p.csv").values
    }

    private func expectSameBits(_ cells: [String], _ line: SourceLocation = #_sourceLocation) throws {
        for (cell, value) in zip(cells, try read(cells)) {
            #expect(value.bitPattern == strtod(cell, nil).bitPattern, "\(cell)", sourceLocation: line)
        }
    }

    @Test func theShapesOfNumbersAreStrtods() throws {
        try expectSameBits([
            "0", "1", "0.0", "1.0", ".5", "1.", "0.5000", "+0.25", "-0.0", "1e-5", "1E-05", "12.5e-2", "0.1e+1", "0e99",
            "0.1234567890123456789", "0.12345678901234567890123", "0.000000000000000000000000000000000012345",
            "9007199254740993e-16", "9007199254740992e-16", "0.9007199254740993", "4503599627370497.5e-16",
            "1e-22", "1e-23", "1e-27", "1e-28", "5e-324", "2.2250738585072011e-308", "0.99999999999999994449",
            "0.99999999999999994448", "0.99999999999999988897769753748", "18446744073709551615e-20",
            "9999999999999999999e-19", "0.3e0", "1e0", "100e-2",
            // Multiples of 2^64, of which a word keeps nothing.
            "0.18446744073709551616", "18446744073709551616e-20", "0.00018446744073709551616",
            "0.036893488147419103232", "0.1844674407370955161600000000", "0.184467440737095516160000000012345678",
        ])
    }

    @Test func writtenNumbersReadBackAsTheSameBits() throws {
        var random = SeededGenerator(seed: 5)
        let values = (0..<20_000).map { index -> Double in
            let value = random.uniform()
            return index % 3 == 0 ? Double(Float(value)) : value * pow(10, -Double(index % 30))
        }
        let read = try read(values.map { "\($0)" })
        #expect(zip(values, read).allSatisfy { $0.bitPattern == $1.bitPattern })
    }

    /// Every count of digits and of places, where half-way cases are as frequent as they can be made.
    @Test func digitsOfAnyLengthAreRoundedAsStrtodRounds() throws {
        var random = SeededGenerator(seed: 6)
        var cells: [String] = []
        for digits in 1...22 {
            for places in digits...30 {
                for _ in 0..<8 {
                    let text = String((0..<digits).map { _ in Character("\(random.integer(below: 10))") })
                    cells.append("0." + String(repeating: "0", count: places - digits) + text)
                    cells.append("\(text)e-\(places)")
                }
            }
        }
        try expectSameBits(cells)
    }

    @Test(arguments: [
        "", " ", "0 .5", "0.5 1", ".", "e5", "1e", "1e+", "0x1p-1", "1_0", "0,5", "nan", "--1", "1e-5x", "0.5.1",
        "0.1234567:", "0./2345678", "0.1234?678", "0.12345678:", "0.12345678 \n", "0.1234\u{b5}678",
    ])
    func whatIsNoNumberIsRefused(_ cell: String) {
        #expect(throws: InputError.self) { try read(["\"\(cell)\""]) }
    }
}
