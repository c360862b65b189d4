import Raster
import Testing

@Suite struct CanvasTextTests {
    /// The first and last inked columns of `text` drawn at 100 on a canvas 200 pixels wide.
    private func extent(
        _ text: String, _ alignment: TextAlignment = .left, bold: Bool = false
    ) throws -> (first: Int, last: Int) {
        let canvas = try Canvas(width: 200, height: 30)
        canvas.text(text, 100, 20, size: 16, alignment: alignment, bold: bold)
        let image = canvas.image()
        let columns = (0..<200).filter { x in (0..<30).contains { image.pixel(x, $0)[0] < 128 } }
        return (try #require(columns.first), try #require(columns.last))
    }

    /// Letters leave a pixel or two beside them.
    @Test func textIsAlignedToItsPlace() throws {
        let width = try Canvas(width: 1, height: 1).textWidth("mask HH", size: 16)
        #expect(width > 40)
        let (left, center, right) = (
            try extent("mask HH"), try extent("mask HH", .center), try extent("mask HH", .right)
        )
        #expect((100...103).contains(left.first) && abs(Double(left.last) - 100 - width) < 4)
        #expect(abs(Double(center.first + center.last) / 2 - 100) < 2)
        #expect((96...100).contains(right.last) && abs(Double(right.first) - 100 + width) < 4)
        #expect(try extent("mask HH", bold: true).last > left.last)
    }

    @Test func textStandsOnItsLine() throws {
        let canvas = try Canvas(width: 60, height: 40)
        canvas.text("HHH", 5, 25, size: 16, color: Color(hex: 0xFF0000))
        let image = canvas.image()
        let rows = (0..<40).filter { y in (0..<60).contains { image.pixel($0, y)[1] < 128 } }
        #expect(rows.last == 24 && (11...15).contains(rows.first ?? 0))
        #expect(image.pixels.indices.allSatisfy { $0 % 3 != 0 || image.pixels[$0] == 255 })
    }

    /// What is cut is as long as fits: one letter more would not.
    @Test func fittedTextFits() throws {
        let canvas = try Canvas(width: 100, height: 20)
        let long = String(repeating: "mask ", count: 30)
        for width in [30.0, 60, 61, 200] {
            let cut = canvas.fitted(long, width: width, size: 12)
            #expect(cut.hasSuffix("…") && long.hasPrefix(cut.dropLast()))
            #expect(canvas.textWidth(cut, size: 12) <= width)
            #expect(canvas.textWidth(long.prefix(cut.count) + "…", size: 12) > width, "\(cut)")
        }
        #expect(canvas.fitted("-", width: 60, size: 12) == "-")
        #expect(canvas.fitted(long, width: 2, size: 12) == "…")
    }

    /// A label from a file may have line breaks in it, and other characters that a font shows as boxes.
    @Test func controlCharactersAreSpaces() throws {
        func drawn(_ text: String) throws -> Image {
            let canvas = try Canvas(width: 80, height: 20)
            canvas.text(text, 2, 15, size: 12)
            #expect(canvas.textWidth(text, size: 12) == canvas.textWidth("a b c", size: 12))
            return canvas.image()
        }
        for text in ["a\nb\u{7F}c", "a\tb\u{1}c", "a\rb\u{1F}c"] {
            #expect(try drawn(text) == drawn("a b c"), "\(text.debugDescription)")
        }
    }
}
