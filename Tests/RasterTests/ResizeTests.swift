import Raster
import Testing

@Suite struct ResizeTests {
    @Test func agreesWithPillow() throws {
        let image = try RasterFixture.expected("rgb.PNG")
        let bytes = try RasterFixture.bytes("resize.bin")
        var at = 0
        func double() -> Double {
            defer { at += 8 }
            return Double(bitPattern: (0..<8).reduce(0) { $0 | UInt64(bytes[at + $1]) << UInt64(8 * $1) })
        }
        func short() -> Int {
            defer { at += 2 }
            return Int(bytes[at]) | Int(bytes[at + 1]) << 8
        }
        var cases = 0
        while at < bytes.count {
            let edges = (double(), double(), double(), double())
            let (width, height) = (short(), short())
            let box = Box(x: edges.0, y: edges.1, width: edges.2 - edges.0, height: edges.3 - edges.1)
            let expected = Image(width: width, height: height, pixels: Array(bytes[at..<at + width * height * 3]))
            at += width * height * 3
            #expect(
                RasterFixture.worst(image.resized(from: box, width: width, height: height), expected) == 0, "\(box)")
            cases += 1
        }
        #expect(cases == 8)
    }

    @Test func theSameSizeIsUntouched() throws {
        let image = try RasterFixture.expected("rgb.PNG")
        #expect(image.resized(width: image.width, height: image.height) == image)
    }

    @Test func cropsAndFlips() {
        let image = Image(width: 3, height: 2, pixels: (0..<18).map { UInt8($0) })
        #expect(image.cropped(x: 1, y: 1, width: 2, height: 1).pixels == [12, 13, 14, 15, 16, 17])
        #expect(image.flippedHorizontally().pixels.prefix(9) == [6, 7, 8, 3, 4, 5, 0, 1, 2])
        #expect(image.flippedHorizontally().flippedHorizontally() == image)
    }
}
