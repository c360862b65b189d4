import Evaluation
import Foundation
import Raster
import Testing
import Training

@Suite struct PreprocessingTests {
    @Test func validationSquishesAndKeepsTheCentre() throws {
        let preprocessing = try Preprocessing.validation(size: 128)
        #expect(preprocessing.resizeTo == 152)
        let image = Image(width: 30, height: 20, pixels: (0..<1800).map { UInt8($0 % 251) })
        #expect(
            preprocessing.apply(image)
                == image.resized(width: 152, height: 152).cropped(x: 12, y: 12, width: 128, height: 128))
        for resize in Preprocessing.Resize.allCases {
            let out = try Preprocessing(size: 16, resize: resize).apply(image)
            #expect(out.width == 16 && out.height == 16)
        }
    }

    /// fastai's centre: whole pixels, and the smaller margin on the left or above, whatever the sides.
    @Test(arguments: [64, 128, 224]) func aCropIsTheCentre(_ size: Int) throws {
        let preprocessing = try Preprocessing(size: size, resize: .crop)
        for (width, height) in [(641, 479), (479, 641), (640, 479), (1023, 767), (259, 194), (size + 5, size)] {
            let image = Image(
                width: width, height: height, pixels: (0..<width * height * 3).map { UInt8($0 * 7 % 251) })
            let edge = min(width, height)
            let centre = image.cropped(
                x: (width - edge) / 2, y: (height - edge) / 2, width: edge, height: edge)
            #expect(preprocessing.apply(image) == centre.resized(width: size, height: size))
        }
    }

    /// fastai's: mirrored outwards to a square, which is resized; within a grey level where the passes change places.
    @Test func aPaddedImageIsMirroredBeforeItIsResized() throws {
        for (width, height) in [(90, 60), (61, 96), (50, 50), (200, 7), (9, 40), (1, 30)] {
            let image = Image(
                width: width, height: height,
                pixels: (0..<width * height * 3).map { UInt8(128 + 100 * sin(Double($0) / 17)) })
            let side = max(width, height)
            func mirrored(_ position: Int, _ length: Int) -> Int {
                var at = position - (side - length) / 2
                while length > 1, !(0..<length).contains(at) { at = at < 0 ? -at : 2 * (length - 1) - at }
                return length > 1 ? at : 0
            }
            var pixels: [UInt8] = []
            for y in 0..<side {
                for x in 0..<side {
                    let at = (mirrored(y, height) * width + mirrored(x, width)) * 3
                    pixels += image.pixels[at..<at + 3]
                }
            }
            let expected = Image(width: side, height: side, pixels: pixels).resized(width: 32, height: 32)
            let padded = try Preprocessing(size: 32, resize: .pad).apply(image)
            let worst = zip(padded.pixels, expected.pixels).map { abs(Int($0) - Int($1)) }.max() ?? 255
            #expect(worst <= (width > height ? 0 : 1), "\(width) x \(height)")
        }
    }

    @Test func anImageOfTheRightSizeGoesInUntouched() throws {
        let image = Image(width: 16, height: 16, pixels: (0..<768).map { UInt8($0 % 256) })
        for resize in Preprocessing.Resize.allCases {
            #expect(try Preprocessing(size: 16, resize: resize).apply(image) == image)
        }
    }

    @Test func badSettingsAreRefused() {
        #expect(throws: InputError.self) { try Preprocessing(size: 4) }
        #expect(throws: InputError.self) { try Preprocessing(size: 64, std: [0, 1, 1]) }
        #expect(throws: InputError.self) { try Preprocessing(size: 64, mean: [.nan, 1, 1]) }
    }
}
