import Export
import Testing

@Suite struct QuotedTextTests {
    @Test(arguments: [
        ("plain", "'plain'"), ("line\nbreak", "'line\\nbreak'"), ("it's", "'it\\'s'"),
        ("back\\slash", "'back\\\\slash'"),
        ("\u{1}\u{202E}", "'\\u0001\\u202e'"), ("größe \"x\"", "'größe \"x\"'"),
    ])
    func readsBackInPython(_ text: String, _ quoted: String) { #expect(QuotedText.of(text, quote: "'") == quoted) }

    @Test func doubleQuotesAreYAMLs() { #expect(QuotedText.of("a\"b'c", quote: "\"") == "\"a\\\"b'c\"") }
}
