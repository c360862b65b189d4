import Evaluation
import Testing

@Suite struct FileBytesTests {
    /// Of what a killed write leaves, however many dots the name has; nothing else is taken for one.
    @Test(
        arguments: [
            (".history.csv.12-34.part", "history.csv"), (".a.1-2.part", "a"), ("history.csv.12-34.part", nil),
            (".history.csv", nil), (".part", nil), (".movie.part", nil), (".a.b.part.x", nil),
        ] as [(String, String?)])
    func partsNameTheirWhole(part: String, whole: String?) { #expect(FileBytes.wholeName(ofPart: part) == whole) }
}
