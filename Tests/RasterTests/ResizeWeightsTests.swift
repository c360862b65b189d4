import Raster
import Testing

/// The kernels against the same arithmetic, one number at a time.
@Suite struct ResizeWeightsTests {
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
