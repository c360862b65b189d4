import Raster
import Testing

@Suite struct OrientationTests {
    /// Where the numbered pixels of `1 2 3 / 4 5 6` go, from the figure in section 4.6.4 of EXIF 2.3: how row 0 and
    /// column 0 lie to be seen.
    @Test(arguments: [
        (1, 3, [1, 2, 3, 4, 5, 6]), (2, 3, [3, 2, 1, 6, 5, 4]), (3, 3, [6, 5, 4, 3, 2, 1]), (4, 3, [4, 5, 6, 1, 2, 3]),
        (5, 2, [1, 4, 2, 5, 3, 6]), (6, 2, [4, 1, 5, 2, 6, 3]), (7, 2, [6, 3, 5, 2, 4, 1]), (8, 2, [3, 6, 2, 5, 1, 4]),
        (0, 3, [1, 2, 3, 4, 5, 6]), (9, 3, [1, 2, 3, 4, 5, 6]),
    ])
    func pixelsGoWhereTheyAreSeen(_ orientation: Int, _ width: Int, _ numbers: [UInt8]) {
        func picture(_ width: Int, _ numbers: [UInt8]) -> Image {
            Image(width: width, height: 6 / width, pixels: numbers.flatMap { [$0, $0 + 10, $0 + 20] })
        }
        #expect(picture(3, [1, 2, 3, 4, 5, 6]).oriented(orientation) == picture(width, numbers))
    }

    @Test func theMirrorImageTwiceIsThePicture() {
        let image = Image(width: 3, height: 2, pixels: (0..<18).map { UInt8($0) })
        #expect(image.flippedHorizontally().pixels.prefix(9) == [6, 7, 8, 3, 4, 5, 0, 1, 2])
        #expect(image.flippedHorizontally().flippedHorizontally() == image)
    }
}
