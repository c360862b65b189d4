import Raster
import Testing

@Suite struct CanvasTests {
    @Test func rectanglesFillTheirPixels() throws {
        let canvas = try Canvas(width: 10, height: 8)
        canvas.rectangle(2, 3, 4, 2)
        canvas.fill(Color(hex: 0xFF8000))
        let image = canvas.image()
        func pixel(_ x: Int, _ y: Int) -> [UInt8] { Array(image.pixels[(y * 10 + x) * 3..<(y * 10 + x) * 3 + 3]) }
        #expect(pixel(2, 3) == [255, 128, 0])
        #expect(pixel(5, 4) == [255, 128, 0])
        #expect(pixel(6, 4) == [255, 255, 255])
    }

    @Test func fittedTextFits() throws {
        let canvas = try Canvas(width: 100, height: 20)
        let long = canvas.fitted(String(repeating: "mask ", count: 30), width: 60, size: 12)
        #expect(canvas.textWidth(long, size: 12) <= 60)
        #expect(long.hasSuffix("…"))
        #expect(canvas.fitted("-", width: 60, size: 12) == "-")
        canvas.text("hello", 5, 15, size: 12)
        #expect(canvas.image().pixels.contains { $0 < 100 })
    }

    @Test func drawnPicturesKeepTheirPixels() throws {
        let image = Image(width: 2, height: 1, pixels: [255, 0, 0, 0, 0, 255])
        let canvas = try Canvas(width: 2, height: 1)
        canvas.draw(image, 0, 0, width: 2, height: 1)
        #expect(canvas.image() == image)
        #expect(throws: ImageError.self) { try Canvas(width: 0, height: 5) }
    }
}
