import Testing
import Training

@Suite struct ImageMemoryTests {
    @Test(arguments: [
        ("auto", ImageMemory.automatic), ("0", .bytes(0)), ("2GB", .bytes(2_000_000_000)),
        ("1.5gib", .bytes(3 << 29)), ("500MB", .bytes(500_000_000)), ("0MB", .bytes(0)),
    ])
    func sizesAreRead(_ text: String, _ expected: ImageMemory) { #expect(ImageMemory(text) == expected) }

    @Test(arguments: ["", "2", "-1GB", "GB", "nanGB", "2 GB", "2TB", "1e300GB", "automatic", "2GBs"])
    func otherTextIsNone(_ text: String) { #expect(ImageMemory(text) == nil, "\(text)") }
}
