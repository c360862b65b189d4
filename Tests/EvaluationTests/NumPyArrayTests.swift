import Evaluation
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

    @Test func whatIsNoArrayIsRefused() {
        let good = npy("<f8", "1, 2", doubles([0, 1]))
        for bytes in [
            npy("<i8", "1, 1", doubles([0])), npy("<f8", "2", doubles([0, 1])), npy("<f8", "2, 2", doubles([0])),
            npy("<f8", "9223372036854775807, 2", doubles([0])), npy("<f8", "-1, 1", []), [0x50, 0x4B, 3, 4], [],
        ] { #expect(throws: InputError.self) { try NumPyArray(bytes, named: "a") } }
        for length in 0..<good.count {
            #expect(throws: InputError.self) { try NumPyArray(Array(good.prefix(length)), named: "a") }
        }
    }
}
