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

    /// What lies around the part does not show at its edges.
    @Test func aPartIsAsIfCutOutBefore() {
        let image = Image(width: 61, height: 47, pixels: (0..<61 * 47 * 3).map { UInt8($0 * 37 % 256) })
        for (x, y, width, height) in [(0, 0, 61, 47), (5, 9, 40, 30), (30, 0, 31, 20), (60, 46, 1, 1), (7, 3, 16, 44)] {
            let box = Box(x: Double(x), y: Double(y), width: Double(width), height: Double(height))
            let part = image.cropped(x: x, y: y, width: width, height: height)
            for (newWidth, newHeight) in [(16, 16), (16, 44), (40, 9), (100, 90)] {
                for mirrored in [false, true] {
                    #expect(
                        image.resized(
                            from: box, cutOut: true, width: newWidth, height: newHeight, mirrored: mirrored)
                            == part.resized(width: newWidth, height: newHeight, mirrored: mirrored),
                        "\(box) to \(newWidth) x \(newHeight)")
                }
            }
        }
    }
}
