import Raster
import Testing

@Suite struct CanvasImageTests {
    @Test func drawnPicturesKeepTheirPixels() throws {
        let image = Image(width: 2, height: 1, pixels: [255, 0, 0, 0, 0, 255])
        let canvas = try Canvas(width: 2, height: 1)
        canvas.draw(image, 0, 0, width: 2, height: 1)
        #expect(canvas.image() == image)
    }

    @Test func theyLieWhereAndAsLargeAsAsked() throws {
        let ink: [UInt8] = [200, 10, 30]
        let image = Image(width: 4, height: 2, pixels: (0..<8).flatMap { _ in ink })
        let canvas = try Canvas(width: 30, height: 30)
        canvas.draw(image, 5, 8, width: 12, height: 10)
        let drawn = canvas.image()
        for y in 0..<30 {
            for x in 0..<30 {
                let isInside = (5..<17).contains(x) && (8..<18).contains(y)
                #expect(drawn.pixel(x, y) == (isInside ? ink : [255, 255, 255]), "(\(x), \(y))")
            }
        }
    }

    /// Cairo alone draws nothing of a picture with a side of more than 32766, nor of some shorter ones.
    @Test(arguments: [(40_000, 10), (10, 40_000), (32_766, 10), (8193, 3), (8192, 3)])
    func aLongPictureIsDrawn(_ width: Int, _ height: Int) throws {
        // Black, then red from the middle on.
        let image = Image(
            width: width, height: height,
            pixels: (0..<width * height).flatMap { at -> [UInt8] in
                let isSecond = width > height ? at % width >= width / 2 : at / width >= height / 2
                return [isSecond ? 255 : 0, 0, 0]
            })
        let canvas = try Canvas(width: 20, height: 20)
        canvas.draw(image, 0, 0, width: 20, height: 20)
        let drawn = canvas.image()
        #expect(drawn.pixel(3, 3) == [0, 0, 0])
        #expect(drawn.pixel(17, 17) == [255, 0, 0])
        #expect(drawn.pixel(17, 3) == (width > height ? [255, 0, 0] : [0, 0, 0]))
        let turned = try Canvas(width: 20, height: 20)
        turned.translate(20, 0)
        turned.rotate(.pi / 2)
        turned.draw(image, 0, 0, width: 20, height: 20)
        #expect(turned.image().pixel(17, 3) == [0, 0, 0])
        #expect(turned.image().pixel(3, 17) == [255, 0, 0])
    }
}
