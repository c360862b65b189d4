import Raster
import Testing

@Suite struct CropTests {
    @Test func theRectangleIsLeft() {
        let image = Image(width: 3, height: 2, pixels: (0..<18).map { UInt8($0) })
        #expect(image.cropped(x: 1, y: 1, width: 2, height: 1).pixels == [12, 13, 14, 15, 16, 17])
        #expect(image.cropped(x: 0, y: 0, width: 1, height: 2).pixels == [0, 1, 2, 9, 10, 11])
        #expect(image.cropped(x: 0, y: 0, width: 3, height: 2) == image)
    }
}
