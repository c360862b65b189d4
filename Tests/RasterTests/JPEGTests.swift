import Foundation
import Raster
import Testing

@Suite struct JPEGTests {
    /// A grey progressive picture of 8 x 8 pixels whose only coefficient, a zero of one bit, is sent by every scan anew.
    private func jpeg(scans: Int) -> [UInt8] {
        let quantiser: [UInt8] = [0xFF, 0xDB, 0, 67, 0] + [UInt8](repeating: 1, count: 64)
        let frame: [UInt8] = [0xFF, 0xC2, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0]
        let codes: [UInt8] = [0xFF, 0xC4, 0, 20, 0, 1] + [UInt8](repeating: 0, count: 15) + [0]
        let scan: [UInt8] = [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 0, 0, 0x7F]
        return [0xFF, 0xD8] + quantiser + frame + codes + (0..<scans).flatMap { _ in scan } + [0xFF, 0xD9]
    }

    @Test func tooManyScansAreRefused() throws {
        #expect(try Image(decoding: jpeg(scans: 100), named: "j").pixels == [UInt8](repeating: 128, count: 192))
        let error = #expect(throws: ImageError.self) { try Image(decoding: jpeg(scans: 101), named: "j") }
        #expect(error?.problem == "has too many scans; expected at most 100, got 101")
    }

    /// Pillow takes inks to be inverted whether or not Adobe's segment is there.
    @Test func inksNeedNoMark() throws {
        let marked = try Image(decoding: RasterFixture.bytes("cmyk.jpg"), named: "j")
        #expect(try Image(decoding: RasterFixture.bytes("cmyk unmarked.jpg"), named: "j") == marked)
    }

    private func meanError(_ quality: Int, _ image: Image) throws -> Double {
        let read = try Image(decoding: image.jpegBytes(quality: quality), named: "j")
        try #require(read.width == image.width && read.height == image.height)
        let sum = zip(read.pixels, image.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
        return Double(sum) / Double(image.pixels.count)
    }

    /// No finer than what is left of chroma, so that only quality tells.
    @Test func qualityIsKept() throws {
        let pixels = (0..<64 * 48 * 3).map { at -> UInt8 in
            let (x, y, channel) = (Double(at / 3 % 64), Double(at / 192), Double(at % 3))
            let wave = sin(x / 9 + channel) * cos(y / 7)
            return UInt8(128 + 100 * wave)
        }
        let image = Image(width: 64, height: 48, pixels: pixels)
        let qualities = [5, 30, 60, 92, 100]
        let errors = try qualities.map { try meanError($0, image) }
        let sizes = try qualities.map { try image.jpegBytes(quality: $0).count }
        #expect(errors == errors.sorted(by: >) && Set(errors).count == 5, "\(errors)")
        #expect(sizes == sizes.sorted() && Set(sizes).count == 5, "\(sizes)")
        #expect(errors[4] < 1, "\(errors)")
        #expect(try image.jpegBytes() == image.jpegBytes(quality: 92))
        #expect(try image.jpegBytes(quality: 0) == image.jpegBytes(quality: 1))
        #expect(try image.jpegBytes(quality: 101) == image.jpegBytes(quality: 100))
    }
}
