import Export
import Testing
import Yams

@Suite struct QuotedTextTests {
    @Test(arguments: [
        ("plain", "'plain'"), ("line\nbreak", "'line\\nbreak'"), ("it's", "'it\\'s'"),
        ("back\\slash", "'back\\\\slash'"),
        ("\u{1}\u{202E}", "'\\u0001\\u202e'"), ("\u{FFFE}a\u{FFFF}\u{FEFF}", "'\\ufffea\\uffff\\ufeff'"),
        ("größe \"x\"", "'größe \"x\"'"),
    ])
    func readsBackInPython(_ text: String, _ quoted: String) { #expect(QuotedText.of(text, quote: "'") == quoted) }

    /// Every character of the basic plane, beside others that may join it.
    @Test func everyCharacterReadsBackAsYAML() throws {
        for first in stride(from: UInt32(0), to: 0x10000, by: 64) {
            let scalars = (first..<first + 64).compactMap(Unicode.Scalar.init)
            let text = scalars.map { "\($0)\u{301}" }.joined()
            #expect(try Yams.compose(yaml: "- \(QuotedText.of(text, quote: "\""))")?.sequence?.first?.string == text)
        }
    }

    @Test func doubleQuotesAreYAMLs() { #expect(QuotedText.of("a\"b'c", quote: "\"") == "\"a\\\"b'c\"") }
}
