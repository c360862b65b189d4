import Foundation
import Raster
import Report
import Testing

@Suite struct LineChartTests {
    private func chart(
        _ points: [(x: Double, y: Double)], color: Color = Palette.blue, mark: (x: Double, name: String)? = nil,
        yRange: ClosedRange<Double>? = 0...1
    ) -> LineChart {
        LineChart(
            title: "t", xTitle: "x", lines: [.init(name: "line", color: color, points: points)], yRange: yRange,
            mark: mark)
    }

    /// The colour at a place of the chart, of which a point is two pixels.
    private func color(_ image: Image, _ x: Double, _ y: Double) -> [UInt8] {
        let at = (Int(y * 2) * image.width + Int(x * 2)) * 3
        return Array(image.pixels[at..<at + 3])
    }

    /// The axes reach from 46 to 16 before the right edge, and from 62 to 52 above the lower edge.
    @Test(arguments: [344, 720]) func aLineHasItsColourWhereItRuns(_ width: Int) throws {
        let line: [UInt8] = [0x00, 0x72, 0xB2]
        for y in [0.3, 0.55] {
            let image = try chart([(0, y), (1, y)]).draw(width: width)
            let (top, bottom) = (62.0, Double(image.height) / 2 - 52)
            let level = bottom - y * (bottom - top)
            for share in [0.07, 0.5, 0.93] {
                let x = 46 + share * (Double(width) - 62)
                #expect(color(image, x, level) == line, "at \(share)")
                #expect(
                    color(image, x, level - 8) == [255, 255, 255] && color(image, x, level + 8) == [255, 255, 255])
            }
        }
    }

    /// The ink of the caption is the same wherever the mark stands, none of it beyond the edge.
    @Test(arguments: [344, 720]) func aMarksCaptionIsWholeAtEitherEnd(_ width: Int) throws {
        let points = [(x: 0.05, y: 0.2), (x: 0.95, y: 0.2)]
        func ink(_ x: Double) throws -> Int {
            let plain = try chart(points, mark: (x, "")).draw(width: width)
            let image = try chart(points, mark: (x, "in use: 0.93")).draw(width: width)
            var changed: [Int] = []
            for at in 0..<image.width * image.height {
                let bytes = at * 3..<at * 3 + 3
                if image.pixels[bytes] != plain.pixels[bytes] { changed.append(at) }
            }
            #expect(changed.allSatisfy { $0 % image.width < image.width - 8 }, "cut off at the edge")
            return changed.count
        }
        let middle = try ink(0.5)
        #expect(middle > 100)
        for x in [0.06, 0.85, 0.9, 0.95] { #expect(abs(try ink(x) - middle) < middle / 8, "at \(x)") }
    }

    @Test func hostileNumbersAreDrawnToo() throws {
        let hostile: [[(x: Double, y: Double)]] = [
            [(0, 0), (.leastNonzeroMagnitude, .leastNonzeroMagnitude)], [(1e300, -1e300), (1e308, 1e308)],
            [(0.5, .nan)],
            [(1e300, 1), (1e300.nextUp, 1.0.nextUp)], [],
        ]
        for points in hostile {
            #expect(throws: Never.self) { try chart(points, yRange: nil).draw() }
        }
    }
}
