import Foundation
import Raster
import Testing

/// Every colour type, depth, interlacing and transparency; see Fixtures/make_png_matrix.py.
@Suite struct PNGTests {
    private struct Case {
        let name: String
        let png: [UInt8]
        let expected: Image
    }

    private static func cases() throws -> [Case] {
        var bytes = try RasterFixture.bytes("png_matrix.bin")[...]
        func number(_ size: Int) -> Int { take(size).reversed().reduce(0) { $0 << 8 | Int($1) } }
        func take(_ count: Int) -> [UInt8] {
            defer { bytes = bytes.dropFirst(count) }
            return Array(bytes.prefix(count))
        }
        var cases: [Case] = []
        while !bytes.isEmpty {
            let name = String(decoding: take(number(2)), as: UTF8.self)
            let png = take(number(4))
            let (width, height) = (number(2), number(2))
            let pixels = take(width * height * 3)
            cases.append(
                Case(name: name, png: png, expected: Image(width: width, height: height, pixels: pixels)))
        }
        return cases
    }

    @Test func everyKindDecodesToTheSamplesOnWhite() throws {
        let cases = try Self.cases()
        #expect(cases.count == 92)
        for test in cases {
            let image = try Image(decoding: test.png, named: test.name)
            #expect(image == test.expected, "\(test.name): off by \(RasterFixture.worst(image, test.expected))")
        }
    }

    /// Bytes of one kind of chunk that is replaced, with a CRC that holds.
    private func replacing(_ kind: String, in png: [UInt8], by body: (inout [UInt8]) -> Void) -> [UInt8] {
        var result = Array(png.prefix(8))
        var at = 8
        while at < png.count {
            let length = png[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
            var content = Array(png[at + 8..<at + 8 + length])
            if Array(png[at + 4..<at + 8]) == Array(kind.utf8) { body(&content) }
            let typed = Array(png[at + 4..<at + 8]) + content
            let crc = CRC32.of(typed[...])
            func big(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }
            result += big(UInt32(content.count)) + typed + big(crc)
            at += 12 + length
        }
        return result
    }

    private func problem(_ png: [UInt8]) -> String? {
        do { _ = try Image(decoding: png, named: "x.png", limits: ImageLimits(maximumPixels: 1_000_000)) } catch {
            return (error as? ImageError)?.problem ?? "another error: \(error)"
        }
        return nil
    }

    @Test func whatIsWrongInsideIsOneLine() throws {
        for test in try Self.cases().prefix(52) {
            let short = replacing("IDAT", in: test.png) { $0.removeLast(min(9, $0.count)) }
            #expect(problem(short)?.contains("damaged") == true, "\(test.name) with less data")
            let noise = replacing("IDAT", in: test.png) { for at in $0.indices { $0[at] ^= 0x5A } }
            #expect(problem(noise)?.contains("damaged") == true, "\(test.name) with other data")
            let wide = replacing("IHDR", in: test.png) { $0[0] = 0x7F }
            #expect(problem(wide)?.contains("too large") == true, "\(test.name) too wide")
            let flat = replacing("IHDR", in: test.png) { $0.replaceSubrange(4..<8, with: [0, 0, 0, 0]) }
            #expect(problem(flat)?.contains("no pixels") == true, "\(test.name) without rows")
            for (at, value) in [(8, UInt8(3)), (9, 5), (10, 1), (11, 1), (12, 2)] {
                let odd = replacing("IHDR", in: test.png) { $0[at] = value }
                let line = problem(odd)
                #expect(line?.contains("damaged") == true && line?.contains("\n") == false, "\(test.name): byte \(at)")
            }
            let long = replacing("IHDR", in: test.png) { $0.append(0) }
            #expect(problem(long)?.contains("no header") == true)
            var second = test.png
            second.insert(contentsOf: test.png[8..<33], at: 33)
            #expect(problem(second)?.contains("a second header") == true)
        }
    }

    /// libpng would only warn of one that does not describe pixels.
    @Test func everyChecksumHasToHold() throws {
        let test = try #require(try Self.cases().first { $0.name == "rgb8 gAMA" })
        for kind in ["IHDR", "gAMA", "IDAT", "IEND"] {
            let at = try #require(
                test.png.indices.first { test.png[$0...].starts(with: Array(kind.utf8)) }, "\(kind)")
            let length = test.png[at - 4..<at].reduce(0) { $0 << 8 | Int($1) }
            var broken = test.png
            broken[at + 4 + length] ^= 1
            #expect(problem(broken)?.hasSuffix("got a wrong one at byte \(at - 4)") == true, "\(kind)")
        }
    }

    @Test func brokenBytesBehindGoodChecksumsNeverCrash() throws {
        var state: UInt64 = 3
        func random(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % max(1, limit)
        }
        for test in try Self.cases() {
            for kind in ["IHDR", "IDAT", "PLTE", "tRNS"] {
                for _ in 0..<40 {
                    let broken = replacing(kind, in: test.png) { body in
                        for _ in 0..<2 where !body.isEmpty { body[random(body.count)] = UInt8(random(256)) }
                        if random(4) == 0 { body = Array(body.prefix(random(body.count))) }
                    }
                    #expect(problem(broken)?.contains("\n") != true)
                }
            }
        }
    }

    @Test func everyPrefixIsAnError() throws {
        for test in try Self.cases() where test.name.contains("adam7") {
            for length in 0..<test.png.count - 1 { #expect(problem(Array(test.png.prefix(length))) != nil) }
        }
    }
}
