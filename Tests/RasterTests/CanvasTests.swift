import Raster
import Testing

@Suite struct CanvasTests {
    private let ink = Color(hex: 0xFF8000)

    @Test func rectanglesFillTheirPixels() throws {
        let canvas = try Canvas(width: 10, height: 8)
        canvas.rectangle(2, 3, 4, 2)
        canvas.fill(ink)
        let image = canvas.image()
        #expect(image.pixel(2, 3) == [255, 128, 0])
        #expect(image.pixel(5, 4) == [255, 128, 0])
        #expect(image.pixel(6, 4) == [255, 255, 255])
    }

    @Test func itsSideHasALimit() throws {
        #expect(throws: ImageError.self) { try Canvas(width: 0, height: 5) }
        #expect(throws: ImageError.self) { try Canvas(width: 5, height: 32768) }
        #expect(try Canvas(width: 32767, height: 1).image().width == 32767)
    }

    /// Where it is inked, of the pixels of a row or a column.
    private func inked(_ image: Image, row: Int) -> [Int] { (0..<image.width).filter { image.pixel($0, row)[2] < 128 } }
    private func inked(_ image: Image, column: Int) -> [Int] {
        (0..<image.height).filter { image.pixel(column, $0)[2] < 128 }
    }

    /// A quarter turn clockwise takes what lies right of the origin to below it.
    @Test func turnsAreClockwiseAndEndWithWhatIsSaved() throws {
        let canvas = try Canvas(width: 20, height: 20)
        canvas.saved {
            canvas.translate(10, 10)
            canvas.rotate(.pi / 2)
            canvas.rectangle(2, -1, 6, 2)
            canvas.fill(ink)
        }
        #expect(inked(canvas.image(), column: 10) == Array(12..<18))
        #expect(inked(canvas.image(), row: 10) == [])
        canvas.rectangle(2, 0, 6, 2)
        canvas.fill(ink)
        #expect(inked(canvas.image(), row: 0) == Array(2..<8))
    }

    @Test func scaledShapesAreLarger() throws {
        let canvas = try Canvas(width: 20, height: 20)
        canvas.scale(3, 2)
        canvas.rectangle(1, 4, 2, 1)
        canvas.fill(ink)
        #expect(inked(canvas.image(), row: 8) == Array(3..<9))
        #expect(inked(canvas.image(), column: 4) == [8, 9])
    }

    /// From the right a quarter turn clockwise to the bottom.
    @Test func arcsAreClockwiseAndOpen() throws {
        let canvas = try Canvas(width: 40, height: 40)
        canvas.arc(20, 20, 10, from: 0, to: .pi / 2)
        canvas.stroke(ink, width: 2)
        let image = canvas.image()
        let onIt = (20 + Int(10 * 0.707), 20 + Int(10 * 0.707))
        #expect(image.pixel(onIt.0, onIt.1)[2] < 128)
        #expect(inked(image, row: 12) == [] && inked(image, column: 12) == [])
        #expect(image.pixel(20, 20)[2] == 255 && image.pixel(24, 24)[2] == 255)
    }

    @Test func ellipsesHaveTwoRadii() throws {
        let canvas = try Canvas(width: 40, height: 40)
        canvas.ellipse(20, 20, 15, 5)
        canvas.fill(ink)
        #expect(inked(canvas.image(), row: 20) == Array(5..<35))
        #expect(inked(canvas.image(), column: 20) == Array(15..<25))
    }

    @Test func nothingIsDrawnBesideAClip() throws {
        let canvas = try Canvas(width: 12, height: 4)
        canvas.saved {
            canvas.rectangle(3, 0, 4, 4)
            canvas.clip()
            canvas.rectangle(0, 0, 12, 2)
            canvas.fill(ink)
        }
        #expect(inked(canvas.image(), row: 0) == Array(3..<7))
        canvas.rectangle(0, 2, 12, 2)
        canvas.fill(ink)
        #expect(inked(canvas.image(), row: 3) == Array(0..<12))
    }

    /// Round ends make each dash longer by the line's width.
    @Test func dashesLeaveGaps() throws {
        func line(_ dash: [Double]) throws -> [Int] {
            let canvas = try Canvas(width: 40, height: 4)
            canvas.move(4, 2)
            canvas.line(36, 2)
            canvas.stroke(ink, width: 2, dash: dash)
            return inked(canvas.image(), row: 1)
        }
        #expect(try line([]) == Array(3..<37))
        #expect(try line([6, 10]) == Array(3..<11) + Array(19..<27) + [35, 36])
    }

    @Test func gradientsGoFromOneColourToTheOther() throws {
        let canvas = try Canvas(width: 11, height: 3)
        canvas.rectangle(0, 0, 11, 3)
        canvas.fill(from: (0, 0), to: (11, 0), stops: [(0, .black), (1, .white)])
        let line = (0..<11).map { Int(canvas.image().pixel($0, 1)[0]) }
        #expect(line == line.sorted() && line[0] < 20 && abs(line[5] - 128) <= 2 && line[10] > 235)
        canvas.rectangle(0, 0, 11, 3)
        canvas.fill(radialAt: (5.5, 1.5), radius: 5.5, stops: [(0, .black), (1, .white)])
        let across = (0..<11).map { Int(canvas.image().pixel($0, 1)[0]) }
        #expect(across[5] < 20 && across[0] > 200 && across[10] > 200 && across[3] == across[7])
    }
}
