import Evaluation
import Foundation
import Testing

/// Archives as NumPy writes them; `Fixtures/make_archives.py` made them and printed the values.
@Suite struct NumPyArchiveTests {
    private static let values = [
        61, 40, 44, 58, 37, 50, 54, 14, 3, 19, 18, 56, 59, 0, 32, 53, 8, 51, 7, 30, 53, 19, 22, 18, 46, 16, 64, 28, 31,
        32, 37, 35, 33, 64, 52, 51, 45, 40, 22, 64, 30, 13, 54, 10, 55, 39, 7, 2, 28, 2, 9, 33, 63, 30, 52, 59, 53, 40,
        28, 33, 17, 32, 24, 16, 64, 0, 6, 12, 62, 44, 57, 13, 46, 24, 31, 0, 40, 53, 43, 10, 34, 17, 62, 57, 12, 33, 61,
        55, 46, 41, 2, 48, 30, 5, 15, 35, 47, 33, 39, 56, 44, 23, 41, 38, 7, 3, 42, 25, 38, 20, 14, 9, 24, 53, 26, 24,
        37, 63, 25, 38,
    ].map { Double($0) / 64 }

    private func bytes(_ name: String) throws -> [UInt8] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        return try FileBytes.read(folder.appendingPathComponent("Fixtures/\(name)").path)
    }

    @Test func arraysAreFoundByNameAndUnpacked() throws {
        let packed = try bytes("packed.npz")
        let scores = try NumPyArray(packed, named: "a", array: "scores")
        #expect(scores.rows == 40 && scores.columns == 3 && scores.values == Self.values)
        #expect(try NumPyArray(packed, named: "a", array: "other").values == Self.values.map { 1 - $0 })
        #expect(try NumPyArray(bytes("stored.npz"), named: "a").values == Self.values)
        #expect(try NumPyArray(bytes("stored.npz"), named: "a", array: "arr_0").values == Self.values)
    }

    /// As an archive of 4 GiB is written: sizes, places and the directory's own in their wide fields.
    @Test func zip64IsRead() throws {
        let wide = try bytes("zip64.npz")
        #expect(try NumPyArray(wide, named: "a", array: "scores").values == Self.values)
        #expect(try NumPyArray(wide, named: "a", array: "other").values == Self.values.map { 1 - $0 })
        // So many or so far that only the wide end record says it.
        var full = wide
        for at in [10, 11, 16, 17, 18, 19] { full[full.count - 22 + at] = 0xFF }
        #expect(try NumPyArray(full, named: "a", array: "scores").values == Self.values)
    }

    @Test(arguments: [("packed.npz", nil, "'scores', 'other'"), ("packed.npz", "Scores", "'scores', 'other'")])
    func whichArrayMustBeClear(_ file: String, _ name: String?, _ words: String) throws {
        let bytes = try bytes(file)
        let error = #expect(throws: InputError.self) { try NumPyArray(bytes, named: "a.npz", array: name) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    /// Whatever is cut off or changed: a sentence, or the same values where the byte says nothing of them.
    @Test func damagedArchivesAreNeverOtherValues() throws {
        for file in ["packed.npz", "stored.npz", "zip64.npz"] {
            let whole = try bytes(file)
            let name = file == "stored.npz" ? nil : "scores"
            for length in 0..<whole.count {
                #expect(throws: InputError.self) {
                    try NumPyArray(Array(whole.prefix(length)), named: "a", array: name)
                }
            }
            for at in whole.indices {
                var bytes = whole
                bytes[at] ^= 0x15
                guard let array = try? NumPyArray(bytes, named: "a", array: name) else { continue }
                #expect(array.values == Self.values, "\(file), byte \(at)")
            }
        }
    }
}
