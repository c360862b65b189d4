import Foundation
import Raster
import Testing

@Suite struct ImageFileTests {
    @Test(arguments: [
        "baseline.jpg", "full chroma.JPEG", "progressive.jfif", "restart.jpg", "many restarts.jpg",
        "three quantisers.jpg", "grey.jpg", "rgb.jpg", "cmyk.jpg", "cmyk unmarked.jpg", "ycck.jpg", "orientation1.jpg",
        "orientation2.jpg", "orientation3.jpg", "orientation4.jpg", "orientation5.jpg", "orientation6.jpg",
        "orientation7.jpg", "orientation8.jpg", "little endian.jpg",
    ])
    func jpegsDecodeAsPillowDoes(_ name: String) throws {
        let image = try Image(decoding: RasterFixture.bytes(name), named: name)
        // One level: Pillow may be built with another libjpeg-turbo.
        #expect(RasterFixture.worst(image, try RasterFixture.expected(name)) <= 1)
    }

    @Test(arguments: [
        "rgb.PNG", "rgba.png", "grey.png", "grey alpha.png", "palette.png", "one bit.png", "palette transparent.png",
        "palette4.png", "rgb16.png", "grey16.png", "grey2.png", "interlaced.png", "oriented.png",
    ])
    func pngsDecodeAsPillowDoes(_ name: String) throws {
        let image = try Image(decoding: RasterFixture.bytes(name), named: name)
        #expect(RasterFixture.worst(image, try RasterFixture.expected(name)) <= 1)
    }

    @Test func theNameDoesNotDecide() throws {
        let bytes = try RasterFixture.bytes("rgb.PNG")
        #expect(try Image(decoding: bytes, named: "a.jpg") == Image(decoding: bytes, named: "b.png"))
    }

    @Test(arguments: ["progressive.jfif", "baseline.jpg", "rgba.png", "interlaced.png"])
    func everyPrefixIsAnError(_ name: String) throws {
        let bytes = try RasterFixture.bytes(name)
        for length in 0..<bytes.count - 1 {
            #expect(throws: ImageError.self) { try Image(decoding: Array(bytes.prefix(length)), named: name) }
        }
    }

    @Test(arguments: ["progressive.jfif", "orientation6.jpg", "cmyk.jpg", "palette.png", "rgb16.png"])
    func flippedBytesNeverCrash(_ name: String) throws {
        let bytes = try RasterFixture.bytes(name)
        var state: UInt64 = 9
        for _ in 0..<1500 {
            var broken = bytes
            for _ in 0..<3 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                broken[Int(state >> 33) % bytes.count] = UInt8(truncatingIfNeeded: state >> 20)
            }
            let image = try? Image(decoding: broken, named: name, limits: ImageLimits(maximumPixels: 1_000_000))
            #expect((image?.pixels.count ?? 0) <= 3_000_000)
        }
    }

    @Test func otherContentIsNamed() {
        let cases: [(String, String)] = [
            ("GIF89a....", "a GIF"), ("RIFF\u{24}\0\0\0WEBPVP8 ", "a WebP image"), ("RIFF\u{24}\0\0\0WAVE", "bytes 52"),
            ("BM\u{46}\0\0\0", "a BMP image"), ("%PDF-1.4", "a PDF"), ("II*\0\u{8}\0\0\0", "a TIFF image"),
            ("MM\0*\0\0\0\u{8}", "a TIFF image"), ("PK\u{3}\u{4}\u{14}\0", "a zip archive"),
            ("\0\0\0\u{18}ftypheic", "a HEIC, AVIF or video file"), ("<!DOCTYPE html><html>", "an HTML page"),
            ("\n <HTML>", "an HTML page"), ("<?xml version='1.0'?>", "XML"), ("<svg width='5'>", "XML"),
            ("hello there\r\n", "text"), ("\0\u{1}\u{2}\u{1F}abcdefgh", "bytes 00 01 02 1f 61 62 63 64"),
            ("", "0 bytes"),
        ]
        for (content, kind) in cases {
            let error = #expect(throws: ImageError.self) { try Image(decoding: Array(content.utf8), named: "x.png") }
            #expect(error?.description.contains("got " + kind) == true, "\(error?.description ?? "")")
            #expect(error?.description.contains("\n") == false)
        }
    }

    @Test func bombsAreRefusedFromTheHeader() throws {
        var png = try RasterFixture.bytes("rgb.PNG")
        png.replaceSubrange(16..<20, with: [0x7F, 0xFF, 0xFF, 0xFF])
        let crc = CRC32.of(png[12..<29])
        png.replaceSubrange(29..<33, with: (0..<4).map { UInt8(truncatingIfNeeded: crc >> UInt32(24 - 8 * $0)) })
        let error = #expect(throws: ImageError.self) { try Image(decoding: png, named: "bomb.png") }
        #expect(error?.problem.contains("too large") == true)
        let small = ImageLimits(maximumPixels: 100)
        #expect(throws: ImageError.self) {
            try Image(decoding: RasterFixture.bytes("baseline.jpg"), named: "a", limits: small)
        }
    }

    @Test func whatIsNoFileIsAnError() {
        for path in ["/nonexistent/a.jpg", "/tmp", "/dev/null"] {
            #expect(throws: ImageError.self) { try Image.read(path: path) }
        }
    }

    @Test func aPipeIsRefusedWithoutWaiting() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("pipe-\(UUID()).jpg").path
        try #require(mkfifo(path, 0o600) == 0)
        defer { unlink(path) }
        let done = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            #expect(throws: ImageError.self) { try Image.read(path: path) }
            done.signal()
        }
        let isRefused = done.wait(timeout: .now() + 20) == .success
        // Lets go of one that waits for a writer.
        if !isRefused { close(open(path, O_RDWR | O_NONBLOCK)) }
        #expect(isRefused)
    }

    @Test func writtenPNGsReadBack() throws {
        let image = try RasterFixture.expected("rgb.PNG")
        #expect(try Image(decoding: image.pngBytes(), named: "png") == image)
    }
}
