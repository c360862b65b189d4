import Evaluation
import Foundation
import Testing

@Suite struct NumPyArrayTests {
    private func npy(_ descr: String, _ shape: String, fortran: Bool = false, _ data: [UInt8]) -> [UInt8] {
        let header = Array(
            "{'descr': '\(descr)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': (\(shape)), }\n".utf8)
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.count), 0] + header + data
    }

    private func doubles(_ values: [Double]) -> [UInt8] {
        values.flatMap { value in (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> UInt64(8 * $0)) } }
    }

    @Test func bothOrdersAndEndsAreRead() throws {
        let values = [1.0, 2, 3, 4, 5, 6]
        #expect(try NumPyArray(npy("<f8", "2, 3", doubles(values)), named: "a").values == values)
        let columns = try NumPyArray(npy("<f8", "2, 3", fortran: true, doubles(values)), named: "a")
        #expect(columns.values == [1, 3, 5, 2, 4, 6] && columns.rows == 2 && columns.columns == 3)
        #expect(try NumPyArray(npy(">f4", "1, 1", [0x3F, 0x80, 0, 0]), named: "a").values == [1])
    }

    /// The values 0, 1, 2 and -3 (or 253 and the like) in each type that NumPy users have, in both byte orders.
    @Test(
        arguments: [
            ("f2", [[0, 0], [0x3C, 0], [0x38, 0], [0xC2, 0]], [0, 1, 0.5, -3]),
            ("f4", [[0, 0, 0, 0], [0x3F, 0x80, 0, 0], [0x3F, 0, 0, 0], [0xC0, 0x40, 0, 0]], [0, 1, 0.5, -3]),
            (
                "f8",
                [
                    [0, 0, 0, 0, 0, 0, 0, 0], [0x3F, 0xF0, 0, 0, 0, 0, 0, 0], [0x3F, 0xE0, 0, 0, 0, 0, 0, 0],
                    [0xC0, 8, 0, 0, 0, 0, 0, 0],
                ], [0, 1, 0.5, -3]
            ),
            ("i1", [[0], [1], [2], [253]], [0, 1, 2, -3]), ("u1", [[0], [1], [2], [253]], [0, 1, 2, 253]),
            ("b1", [[0], [1], [1], [0]], [0, 1, 1, 0]),
            ("i2", [[0, 0], [0, 1], [0, 2], [255, 253]], [0, 1, 2, -3]),
            ("u2", [[0, 0], [0, 1], [0, 2], [255, 253]], [0, 1, 2, 65533]),
            ("i4", [[0, 0, 0, 0], [0, 0, 0, 1], [0, 0, 0, 2], [255, 255, 255, 253]], [0, 1, 2, -3]),
            ("u4", [[0, 0, 0, 0], [0, 0, 0, 1], [0, 0, 0, 2], [255, 255, 255, 253]], [0, 1, 2, 4_294_967_293]),
            (
                "i8",
                [
                    [0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 1], [0, 0, 0, 0, 0, 0, 0, 2],
                    [255, 255, 255, 255, 255, 255, 255, 253],
                ], [0, 1, 2, -3]
            ),
            (
                "u8",
                [
                    [0, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 1], [0, 0, 0, 0, 0, 0, 0, 2],
                    [0, 0, 0, 0, 0, 0, 1, 0],
                ], [0, 1, 2, 256]
            ),
        ] as [(String, [[UInt8]], [Double])])
    func everyTypeIsReadInBothByteOrders(_ type: String, _ big: [[UInt8]], _ values: [Double]) throws {
        let little = big.map { Array($0.reversed()) }
        for (end, bytes) in [(">", big), ("<", little)] {
            let array = try NumPyArray(npy(end + type, "2, 2", bytes.flatMap { $0 }), named: "a")
            #expect(array.values == values, "\(end)\(type)")
            let turned = try NumPyArray(npy(end + type, "2, 2", fortran: true, bytes.flatMap { $0 }), named: "a")
            #expect(turned.values == [values[0], values[2], values[1], values[3]], "\(end)\(type)")
        }
    }

    @Test(arguments: ["<c8", "<f16", "|S4", "<U3", "|O", "<m8[s]", "<i3", "<b2", "f4", "<f"])
    func otherTypesAreRefusedByName(_ type: String) {
        let error = #expect(throws: InputError.self) {
            try NumPyArray(npy(type, "1, 1", doubles([0, 0])), named: "a.npy")
        }
        #expect(error?.description.contains("dtype \(type)") == true, "\(error?.description ?? "")")
    }

    @Test(arguments: ["0, 2", "4, 0", "0, 0"]) func anArrayWithoutValuesIsRefusedAsSuch(_ shape: String) {
        let error = #expect(throws: InputError.self) { try NumPyArray(npy("<f4", shape, []), named: "a.npy") }
        #expect(error?.description.contains("[\(shape)], which holds no value") == true, "\(error?.description ?? "")")
    }

    @Test func fieldsAreRefusedAsTheyAreWritten() {
        let header = Array("{'descr': [('x', '<f4'), ('y', '<f4')], 'fortran_order': False, 'shape': (1, 1), }\n".utf8)
        let bytes = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.count), 0] + header + doubles([0])
        let error = #expect(throws: InputError.self) { try NumPyArray(bytes, named: "a") }
        #expect(error?.description.contains("dtype [('x', '<f4'), ('y', '<f4')]") == true)
    }

    /// Integers and truth values are probabilities where they are 0 and 1; others are refused with row and column.
    @Test func integersAreProbabilitiesOrLogits() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("npy-\(UUID())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileBytes.write("a\nb\n", to: folder + "/n")
        try FileBytes.write("x\ny\n", to: folder + "/v")
        func read(_ type: String, _ data: [UInt8], logits: Bool = false) throws -> ScoreTable {
            try FileBytes.write(npy(type, "2, 2", data), to: folder + "/a.npy")
            return try Predictions.readArray(
                folder + "/a.npy", names: folder + "/n", vocab: folder + "/v", areLogits: logits)
        }
        #expect(try read("|b1", [0, 1, 1, 0]).scores().values == [0, 1, 1, 0])
        #expect(try read("|u1", [0, 1, 1, 0]).scores().values == [0, 1, 1, 0])
        let error = #expect(throws: InputError.self) { try read("|u1", [0, 1, 2, 0]) }
        #expect(error?.description.contains("row 2 'b', column 1 'x'") == true)
        let logits = try read("|i1", [0, 1, 2, 253], logits: true).scores().values
        #expect(logits[0] == 0.5 && abs(logits[3] - 1 / (1 + exp(3))) < 1e-15)
        // Labels and names end at the same line ends, which are not those of a person's writing.
        try FileBytes.write("x\u{2028}x\r\ny\u{85}\u{B}\n", to: folder + "/v")
        #expect(try read("|b1", [0, 1, 1, 0]).labels == ["x\u{2028}x", "y\u{85}\u{B}"])
        try FileBytes.write("x\nx\n", to: folder + "/v")
        let twice = #expect(throws: InputError.self) { try read("|b1", [0, 1, 1, 0]) }
        #expect(twice?.description.contains("/v:2: label appears twice") == true, "\(twice?.description ?? "")")
    }

    @Test func whatIsNoArrayIsRefused() {
        let good = npy("<f8", "1, 2", doubles([0, 1]))
        for bytes in [
            npy("<c8", "1, 1", doubles([0])), npy("<f8", "2", doubles([0, 1])), npy("<f8", "2, 2", doubles([0])),
            npy("<f8", "9223372036854775807, 2", doubles([0])), npy("<f8", "-1, 1", []), [0x50, 0x4B, 3, 4], [],
        ] { #expect(throws: InputError.self) { try NumPyArray(bytes, named: "a") } }
        for length in 0..<good.count {
            #expect(throws: InputError.self) { try NumPyArray(Array(good.prefix(length)), named: "a") }
        }
    }
}
