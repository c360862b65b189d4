import Foundation
import Raster
import Testing

@Suite struct ImageInspectionTests {
    private let path = FileManager.default.temporaryDirectory.appendingPathComponent("inspected-\(UUID())").path

    private func problem(_ bytes: [UInt8]) throws -> String? {
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        do { try Image.inspect(path: path) } catch { return error.description }
        return nil
    }

    /// More than is read of a file's beginning, so that only its ends are looked at.
    private func long(_ encode: (Image) throws -> [UInt8]) throws -> [UInt8] {
        var state: UInt64 = 3
        let pixels = (0..<400 * 300 * 3).map { _ -> UInt8 in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }
        return try encode(Image(width: 400, height: 300, pixels: pixels))
    }

    @Test func wholePicturesPass() throws {
        for name in ["baseline.jpg", "progressive.jfif", "cmyk.jpg", "orientation6.jpg", "rgba.png", "interlaced.png"] {
            #expect(try problem(RasterFixture.bytes(name)) == nil, "\(name)")
        }
        for bytes in [try long { try $0.jpegBytes() }, try long { try $0.pngBytes() }] {
            #expect(bytes.count > 70_000)
            #expect(try problem(bytes) == nil)
            // What an editor or a phone appends is no damage.
            #expect(try problem(bytes + [UInt8](repeating: 7, count: 100_000)) == nil)
        }
    }

    /// A camera's thumbnail and notes may fill segments, so that the size stands behind all that is read at first.
    @Test func aLongHeaderPasses() throws {
        let jpeg = try long { try $0.jpegBytes() }
        let notes: [UInt8] = [0xFF, 0xE5, 0xFF, 0xFF] + [UInt8](repeating: 7, count: 65_533)
        let bytes = jpeg[..<2] + notes + notes + jpeg[2...]
        #expect(try problem(Array(bytes)) == nil)
        #expect(try problem(Array(bytes.dropLast()))?.contains("truncated") == true)
    }

    @Test func aCutFileIsRefused() throws {
        for bytes in [try long { try $0.jpegBytes() }, try long { try $0.pngBytes() }] {
            for length in [4, 20, 200, 30_000, 66_000, bytes.count - 1] {
                let problem = try problem(Array(bytes.prefix(length)))
                #expect(problem?.contains("expected") == true, "\(length): \(problem ?? "")")
            }
        }
    }

    @Test func whatIsNoPictureIsRefused() throws {
        let cases = [("", "0 bytes"), ("<html>", "HTML"), (String(repeating: "text ", count: 30_000), "text")]
        for (content, kind) in cases {
            #expect(try problem(Array(content.utf8))?.contains(kind) == true, "\(kind)")
        }
        #expect(throws: ImageError.self) { try Image.inspect(path: "/nonexistent.jpg") }
        #expect(throws: ImageError.self) { try Image.inspect(path: "/tmp") }
        let large = try long { try $0.jpegBytes() }
        try Data(large).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        #expect(throws: ImageError.self) { try Image.inspect(path: path, limits: ImageLimits(maximumPixels: 1000)) }
        #expect(throws: ImageError.self) { try Image.inspect(path: path, limits: ImageLimits(maximumBytes: 70_000)) }
    }
}
