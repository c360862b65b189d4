import Evaluation
import Testing

@Suite struct GlobTests {
    @Test(arguments: [
        ("NEU/f*.jpg", "NEU/f12.jpg", true), ("NEU/f*.jpg", "NEU/x/f.jpg", false), ("**/f.jpg", "a/b/f.jpg", true),
        ("**/f.jpg", "f.jpg", true), ("*.jpg", "a/b.jpg", false), ("a?c", "abc", true), ("a?c", "a/c", false),
        ("[il]*.jpg", "l0.jpg", true), ("[!il]*.jpg", "l0.jpg", false), ("[a-c]x", "bx", true), ("a[b", "a[b", true),
        ("**", "a/b", true),
        ("a.jpg", "aXjpg", false), ("", "", true), ("*", "", true),
    ])
    func matches(_ pattern: String, _ path: String, _ expected: Bool) {
        #expect(Glob(pattern).matches(path) == expected, "\(pattern) on \(path)")
    }

    @Test func manyStarsDoNotTakeForever() {
        #expect(!Glob(String(repeating: "*a", count: 30)).matches(String(repeating: "a", count: 200) + "b"))
    }
}
