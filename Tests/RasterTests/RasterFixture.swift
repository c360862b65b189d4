import Foundation
import Raster

/// Pictures and what Pillow sees in them; see Fixtures/make_fixtures.py.
enum RasterFixture {
    static func bytes(_ name: String, _ file: String = #filePath) throws -> [UInt8] {
        let folder = URL(fileURLWithPath: file).deletingLastPathComponent().appendingPathComponent("Fixtures")
        return [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
    }

    static func expected(_ name: String) throws -> Image {
        let bytes = try bytes(name + ".rgb")
        let (width, height) = (Int(bytes[0]) | Int(bytes[1]) << 8, Int(bytes[2]) | Int(bytes[3]) << 8)
        return Image(width: width, height: height, pixels: Array(bytes.dropFirst(4)))
    }

    static func worst(_ a: Image, _ b: Image) -> Int {
        guard a.width == b.width, a.height == b.height else { return 256 }
        return zip(a.pixels, b.pixels).map { abs(Int($0) - Int($1)) }.max() ?? 0
    }
}

extension Image {
    /// Red, green and blue at column `x` of row `y`.
    func pixel(_ x: Int, _ y: Int) -> [UInt8] { Array(pixels[(y * width + x) * 3..<(y * width + x + 1) * 3]) }
}
