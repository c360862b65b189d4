import Raster
import Testing

@Suite struct EXIFTests {
    /// A TIFF block of one directory, either byte order; a value is padded to its four bytes.
    private func tiff(
        _ entries: [(tag: Int, kind: Int, value: Int)], isLittle: Bool, magic: Int = 42, directory: Int = 8
    ) -> [UInt8] {
        func number(_ value: Int, _ count: Int) -> [UInt8] {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
            return isLittle ? bytes : bytes.reversed()
        }
        var block = Array((isLittle ? "II" : "MM").utf8) + number(magic, 2) + number(directory, 4)
        block += number(entries.count, 2)
        for entry in entries {
            block += number(entry.tag, 2) + number(entry.kind, 2) + number(1, 4)
            block += entry.kind == 3 ? number(entry.value, 2) + [0, 0] : number(entry.value, 4)
        }
        return block + number(0, 4)
    }

    @Test(arguments: [false, true])
    func theTagIsFoundWhereverItStands(_ isLittle: Bool) {
        let others = [(tag: 0x010F, kind: 4, value: 7), (0x0110, 3, 5), (0x0111, 4, 6)]
        for orientation in 1...8 {
            for count in 0...3 {
                let block = tiff(Array(others.prefix(count)) + [(0x0112, 3, orientation)], isLittle: isLittle)
                #expect(EXIF.orientation(block) == orientation, "behind \(count)")
            }
        }
    }

    @Test(arguments: [false, true])
    func whatIsMalformedCountsAsAbsent(_ isLittle: Bool) {
        let entries = [(tag: 0x010F, kind: 4, value: 7), (0x0112, 3, 6)]
        let block = tiff(entries, isLittle: isLittle)
        #expect(EXIF.orientation(block) == 6)
        // Up to the value's own two bytes nothing may be missing.
        for length in 0..<8 + 2 + 12 + 10 { #expect(EXIF.orientation(Array(block.prefix(length))) == nil) }
        #expect(EXIF.orientation(tiff(entries, isLittle: isLittle, magic: 43)) == nil)
        #expect(EXIF.orientation(tiff(entries, isLittle: isLittle, directory: 1000)) == nil)
        #expect(EXIF.orientation(tiff([(0x010F, 4, 7)], isLittle: isLittle)) == nil)
        for value in [0, 9, 65535] { #expect(EXIF.orientation(tiff([(0x0112, 3, value)], isLittle: isLittle)) == nil) }
        #expect(EXIF.orientation(tiff([(0x0112, 4, 6)], isLittle: isLittle)) == nil)
        #expect(EXIF.orientation([0x49, 0x4D] + block[2...]) == nil)
    }
}
