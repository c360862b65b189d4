import Raster
import Testing

@Suite struct JPEGSegmentsTests {
    private func segments(_ bytes: [UInt8]) throws -> JPEGSegments { try JPEGSegments(bytes, "j") }

    private func exif(_ orientation: UInt8) -> [UInt8] {
        let body = Array("Exif\0\0MM\0*\0\0\0\u{8}\0\u{1}\u{1}\u{12}\0\u{3}\0\0\0\u{1}\0".utf8) + [orientation, 0, 0]
        return [0xFF, 0xE1, 0, UInt8(body.count + 2)] + body
    }

    private let scan: [UInt8] = [0xFF, 0xDA, 0, 4, 1, 2]
    private let end: [UInt8] = [0xFF, 0xD9]

    @Test func markersAreWalkedToTheEnd() throws {
        // Comment with an end marker in it, two scans with stuffing, restart markers and a fill byte.
        let comment: [UInt8] = [0xFF, 0xFE, 0, 6, 0xFF, 0xD9, 0xFF, 0xDA]
        let data: [UInt8] = [1, 2, 0xFF, 0, 0xFF, 0xD0, 3, 0xFF, 0xD7, 0xFF, 1]
        let whole = [0xFF, 0xD8] + comment + exif(6) + scan + data + [0xFF] + scan + data + end
        let found = try segments(whole)
        #expect(found.scans == 2 && found.orientation == 6)
        // What follows is another's.
        #expect(try segments(whole + scan + exif(3)).scans == 2)
        for length in 2..<whole.count { #expect(throws: ImageError.self) { try segments(Array(whole.prefix(length))) } }
    }

    @Test func orientationIsOneUnlessTold() throws {
        #expect(try segments([0xFF, 0xD8] + scan + end).orientation == 1)
        #expect(try segments([0xFF, 0xD8] + exif(9) + end).orientation == 1)
        // A second segment that tells nothing, such as XMP's, leaves the first.
        let other = [0xFF, 0xE1, 0, 8] + Array("http:/".utf8)
        #expect(try segments([0xFF, 0xD8] + exif(8) + other + end).orientation == 8)
    }

    @Test func aLengthBeyondTheEndIsTruncation() {
        for length: [UInt8] in [[0xFF, 0xFF], [0, 40]] {
            let error = #expect(throws: ImageError.self) { try segments([0xFF, 0xD8, 0xFF, 0xE0] + length + end) }
            #expect(error?.problem.contains("truncated") == true)
        }
        // Shorter than itself: read on behind it.
        #expect(throws: Never.self) { try segments([0xFF, 0xD8, 0xFF, 0xE0, 0, 0] + end) }
    }
}
