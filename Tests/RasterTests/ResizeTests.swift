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

/// The kernels against the same arithmetic, one number at a time.
@Suite struct ResizeKernelTests {
    /// Pillow's weights of 22 bits, by output pixel.
    private func windows(_ size: Int, _ start: Double, _ end: Double, _ newSize: Int) -> [(first: Int, weights: [Int])]
    {
        let scale = (end - start) / Double(newSize)
        let support = max(scale, 1)
        return (0..<newSize).map { out in
            let center = start + (Double(out) + 0.5) * scale
            let (low, high) = (max(0, Int(center - support + 0.5)), min(size, Int(center + support + 0.5)))
            let factors = (low..<high).map { max(0, 1 - abs((Double($0) - center + 0.5) / support)) }
            let total = factors.reduce(0, +)
            return (low, factors.map { Int(($0 / total * 4_194_304 + 0.5).rounded(.down)) })
        }
    }

    private func expected(_ image: Image, _ box: Box, _ width: Int, _ height: Int) -> [UInt8] {
        let columns = windows(image.width, box.x, box.x + box.width, width)
        let rows = windows(image.height, box.y, box.y + box.height, height)
        func byte(_ sum: Int) -> Int { max(0, min(255, (sum + 2_097_152) >> 22)) }
        var result: [UInt8] = []
        for row in rows {
            for column in columns {
                for channel in 0..<3 {
                    let sum = row.weights.enumerated().reduce(0) { sum, line in
                        let start = (row.first + line.offset) * image.width + column.first
                        let along = column.weights.enumerated().reduce(0) {
                            $0 + $1.element * Int(image.pixels[(start + $1.offset) * 3 + channel])
                        }
                        return sum + line.element * byte(along)
                    }
                    result.append(UInt8(byte(sum)))
                }
            }
        }
        return result
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

    @Test(arguments: [(1, 1), (1, 9), (7, 1), (5, 4), (21, 22), (23, 64), (70, 40), (150, 3)])
    func everySizeIsExact(_ width: Int, _ height: Int) {
        var state: UInt64 = 5
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        // Extremes, so that rounding and the ends of a byte's range are met.
        let pixels = (0..<width * height * 3).map { _ in [0, 255, UInt8(random(256))][random(3)] }
        let image = Image(width: width, height: height, pixels: pixels)
        for _ in 0..<12 {
            let (newWidth, newHeight) = (1 + random(90), 1 + random(60))
            let (w, h) = (Double(1 + random(width)), Double(1 + random(height)))
            let box = Box(x: (Double(width) - w) / 2, y: (Double(height) - h) / 3, width: w, height: h)
            let result = image.resized(from: box, width: newWidth, height: newHeight)
            #expect(result.pixels == expected(image, box, newWidth, newHeight), "\(box) to \(newWidth) x \(newHeight)")
            let mirrored = image.resized(from: box, width: newWidth, height: newHeight, mirrored: true)
            #expect(mirrored == result.flippedHorizontally())
        }
        let whole = image.resized(width: width, height: height, mirrored: true)
        #expect(whole == image.flippedHorizontally())
    }
}
