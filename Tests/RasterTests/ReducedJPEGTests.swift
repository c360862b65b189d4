import CTurboJPEG
import Foundation
import Raster
import Testing

/// JPEGs that are decoded straight at a half, a quarter or an eighth, beside libjpeg-turbo, which is left those of other kinds.
@Suite struct ReducedJPEGTests {
    private static let samplings = [TJSAMP_444, TJSAMP_422, TJSAMP_420, TJSAMP_440, TJSAMP_411, TJSAMP_GRAY]

    private func jpeg(
        _ width: Int, _ height: Int, _ sampling: TJSAMP, quality: Int32 = 90, _ pixel: (Int, Int, Int) -> Double
    ) throws -> [UInt8] {
        let pixels = (0..<width * height * 3).map { at in
            UInt8(max(0, min(255, pixel(at / 3 % width, at / 3 / width, at % 3).rounded())))
        }
        let handle = try #require(tjInitCompress())
        defer { tjDestroy(handle) }
        var buffer: UnsafeMutablePointer<UInt8>?
        defer { tjFree(buffer) }
        var size: UInt = 0
        let status = tjCompress2(
            handle, pixels, Int32(width), 0, Int32(height), Int32(TJPF_RGB.rawValue), &buffer, &size,
            Int32(sampling.rawValue), quality, TJFLAG_ACCURATEDCT)
        try #require(status == 0)
        return Array(UnsafeBufferPointer(start: buffer, count: Int(size)))
    }

    private func waves(_ x: Int, _ y: Int, _ channel: Int) -> Double {
        128 + 60 * sin(Double(x) / 60 + Double(channel)) * cos(Double(y) / 50)
    }

    /// The same at every call.
    private func noise(_ x: Int, _ y: Int, _ channel: Int) -> Double {
        var mixed = UInt64(x &* 31 &+ y &* 7919 &+ channel &* 104_729 &+ 1) &* 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ (mixed >> 29)) &* 0xBF58_476D_1CE4_E5B9
        return 64 + Double(mixed >> 57)
    }

    /// The same picture with a fill byte before its second marker: legal, and unusual enough to be the library's.
    private func forLibrary(_ bytes: [UInt8]) -> [UInt8] { [0xFF, 0xD8, 0xFF] + bytes[2...] }

    private func reduced(_ bytes: [UInt8], to least: Int) throws -> Image {
        try Image.decode(bytes, named: "j", least: least).image
    }

    /// The mean over all values, in levels of 255.
    private func distance(_ a: Image, _ b: Image) -> Double {
        Double(zip(a.pixels, b.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }) / Double(a.pixels.count)
    }

    /// What a slower reader makes of a file, a picture or a sentence.
    private func outcome(_ bytes: [UInt8], least: Int?) -> Result<Image, ImageError> {
        let limits = ImageLimits(maximumPixels: 1_000_000)
        return Result { () throws(ImageError) in
            do {
                return try Image.decode(bytes, named: "j", limits: limits, least: least).image
            } catch let error as ImageError {
                throw error
            } catch {
                throw ImageError(file: "j", problem: "\(error)")
            }
        }
    }

    /// What is no finer than the reduced pixels is the mean of the pixels that were encoded, but for what a quality of 90
    /// leaves out, most of it of chroma; and it is as the library reduces it, but that it blurs chroma which is stored at less
    /// in one direction alone. Odd sizes leave blocks and MCUs half empty.
    @Test(arguments: samplings.map(\.rawValue), [(64, 64), (131, 97), (97, 131), (203, 41)])
    func smoothPicturesAreMeansAndTheLibrarys(_ sampling: TJSAMP.RawValue, _ size: (width: Int, height: Int)) throws {
        let bytes = try jpeg(size.width, size.height, TJSAMP(sampling), waves)
        let blur = [TJSAMP_422.rawValue: 6, TJSAMP_440.rawValue: 6, TJSAMP_411.rawValue: 13][sampling] ?? 3
        for (divisor, tolerance) in [(2, 6.0), (4, 4), (8, 3)] {
            let least = min(size.width, size.height) / divisor
            let image = try reduced(bytes, to: least)
            #expect(image.width == (size.width + divisor - 1) / divisor)
            #expect(image.height == (size.height + divisor - 1) / divisor)
            #expect(RasterFixture.worst(image, try reduced(forLibrary(bytes), to: least)) <= blur, "1/\(divisor)")
            let worst = worstBesideMeans(image, divisor, size, isGrey: sampling == TJSAMP_GRAY.rawValue)
            #expect(worst <= tolerance, "1/\(divisor): \(worst)")
        }
    }

    /// Of the pixels that stand for whole squares of `waves`.
    private func worstBesideMeans(
        _ image: Image, _ divisor: Int, _ size: (width: Int, height: Int), isGrey: Bool
    ) -> Double {
        var worst = 0.0
        for (x, y) in (0..<size.width / divisor).flatMap({ x in (0..<size.height / divisor).map { (x, $0) } }) {
            var means = [0.0, 0, 0]
            for (dx, dy) in (0..<divisor * divisor).map({ ($0 % divisor, $0 / divisor) }) {
                for channel in 0..<3 {
                    means[channel] += waves(x * divisor + dx, y * divisor + dy, channel) / Double(divisor * divisor)
                }
            }
            if isGrey {
                let luma = 0.299 * means[0] + 0.587 * means[1] + 0.114 * means[2]
                means = [luma, luma, luma]
            }
            for channel in 0..<3 {
                worst = max(worst, abs(means[channel] - Double(image.pixels[(y * image.width + x) * 3 + channel])))
            }
        }
        return worst
    }

    /// Beside the whole picture, resized, it is no farther off than the library's.
    @Test(arguments: samplings.map(\.rawValue))
    func photosAreAsNearToTheWholePicture(_ sampling: TJSAMP.RawValue) throws {
        let bytes = try jpeg(400, 320, TJSAMP(sampling)) { x, y, channel in
            waves(x * 3, y * 2, channel) + Double((x / 40 + y / 32) % 3 * 12) + (noise(x, y, 0) - 128) / 8
        }
        let whole = try Image(decoding: bytes, named: "j")
        for divisor in [2, 4, 8] {
            let truth = whole.resized(width: 400 / divisor, height: 320 / divisor)
            func distance(_ bytes: [UInt8]) throws -> Double {
                let image = try reduced(bytes, to: 320 / divisor)
                let sum = zip(image.pixels, truth.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
                return Double(sum) / Double(truth.pixels.count)
            }
            let (own, library) = (try distance(bytes), try distance(forLibrary(bytes)))
            #expect(own <= library * 1.01, "1/\(divisor): \(own), the library's \(library)")
        }
    }

    /// Of a finer picture the higher frequencies are left out, so that it is not the library's; but for the means
    /// of blocks, and where chroma would have to be enlarged.
    @Test(arguments: samplings.map(\.rawValue))
    func finePicturesAreNot(_ sampling: TJSAMP.RawValue) throws {
        let bytes = try jpeg(96, 80, TJSAMP(sampling), noise)
        let enlarges = TJSAMP(sampling) == TJSAMP_411
        #expect(try (reduced(bytes, to: 40) == reduced(forLibrary(bytes), to: 40)) == enlarges)
        #expect(try reduced(bytes, to: 20) != reduced(forLibrary(bytes), to: 20))
        guard [TJSAMP_444, TJSAMP_GRAY].contains(TJSAMP(sampling)) else { return }
        #expect(RasterFixture.worst(try reduced(bytes, to: 10), try reduced(forLibrary(bytes), to: 10)) <= 1)
    }

    /// Each block of the whole picture transformed, its lowest four frequencies either way transformed back, and the mean
    /// taken, all by the formulas of T.81.
    @Test(arguments: [(2, 50), (2, 90), (2, 98), (4, 90), (8, 90)])
    func pixelsAreMeansOfTheLowestFrequencies(_ divisor: Int, _ quality: Int) throws {
        let bytes = try jpeg(96, 80, TJSAMP_GRAY, quality: Int32(quality)) { x, y, _ in noise(x / 2, y, 0) }
        let whole = try Image(decoding: bytes, named: "j")
        let image = try reduced(bytes, to: 80 / divisor)
        func wave(_ frequency: Int, _ at: Int) -> Double {
            cos(Double((2 * at + 1) * frequency) * .pi / 16) * (frequency == 0 ? sqrt(0.125) : 0.5)
        }
        var worst = 0.0
        for (left, top) in (0..<120).map({ ($0 % 12 * 8, $0 / 12 * 8) }) {
            var low = [Double](repeating: 0, count: 64)
            for (u, v) in (0..<16).map({ ($0 % 4, $0 / 4) }) {
                var coefficient = 0.0
                for (x, y) in (0..<64).map({ ($0 % 8, $0 / 8) }) {
                    coefficient += Double(whole.pixels[((top + y) * 96 + left + x) * 3]) * wave(u, x) * wave(v, y)
                }
                for (x, y) in (0..<64).map({ ($0 % 8, $0 / 8) }) {
                    low[y * 8 + x] += coefficient * wave(u, x) * wave(v, y)
                }
            }
            for (x, y) in (0..<64 / divisor / divisor).map({ ($0 % (8 / divisor), $0 / (8 / divisor)) }) {
                var mean = 0.0
                for (dx, dy) in (0..<divisor * divisor).map({ ($0 % divisor, $0 / divisor) }) {
                    mean += low[(y * divisor + dy) * 8 + x * divisor + dx] / Double(divisor * divisor)
                }
                let at = ((top / divisor + y) * image.width + left / divisor + x) * 3
                worst = max(worst, abs(Double(image.pixels[at]) - mean))
            }
        }
        // Half a level each for the rounding of the whole picture's pixels and the reduced one's.
        #expect(worst < 1, "\(worst)")
    }

    @Test(arguments: [
        "baseline.jpg", "full chroma.JPEG", "restart.jpg", "many restarts.jpg", "three quantisers.jpg", "grey.jpg",
    ])
    func usualFilesAreReduced(_ name: String) throws {
        let bytes = try RasterFixture.bytes(name)
        let whole = try RasterFixture.expected(name)
        // How far off the higher frequencies are that the library takes and this leaves out: in one pixel, and in the mean.
        for (divisor, most, mean) in [(2, 40, 6.5), (4, 18, 3), (8, 3, 0.5)] {
            let least = min(whole.width, whole.height) / divisor
            let (image, isWhole) = try Image.decode(bytes, named: name, least: least)
            #expect(image.width == (whole.width + divisor - 1) / divisor)
            #expect(image.height == (whole.height + divisor - 1) / divisor && !isWhole)
            let library = try reduced(forLibrary(bytes), to: least)
            #expect(RasterFixture.worst(image, library) <= most, "1/\(divisor)")
            #expect(distance(image, library) <= mean, "1/\(divisor)")
            // Finer than the reduced pixels, so that this tells who reduced it.
            if divisor == 2 { #expect(image != library) }
        }
    }

    /// Of RGB and YCCK the components are as many as those of YCbCr, or the same.
    @Test(arguments: ["progressive.jfif", "rgb.jpg", "cmyk.jpg", "cmyk unmarked.jpg", "ycck.jpg"])
    func otherFilesAreLeftToTheLibrary(_ name: String) throws {
        let bytes = try RasterFixture.bytes(name)
        for (least, width, height) in [(8, 12, 9), (4, 6, 5), (2, 3, 3)] {
            let (image, isWhole) = try Image.decode(bytes, named: name, least: least)
            #expect(image.width == width && image.height == height && !isWhole)
            #expect(try image == reduced(forLibrary(bytes), to: least))
        }
    }

    @Test func restartMarkersAreMinded() throws {
        let bytes = try RasterFixture.bytes("restart.jpg")
        for least in [8, 4, 2] {
            #expect(try reduced(bytes, to: least) == reduced(RasterFixture.bytes("baseline.jpg"), to: least))
        }
        let at = try #require(
            bytes.indices.first { bytes[$0] == 0xFF && $0 + 1 < bytes.count && bytes[$0 + 1] == 0xD0 })
        var broken = bytes
        broken[at + 1] = 0xD3
        #expect(outcome(broken, least: 8) == outcome(broken, least: nil))
        #expect(throws: ImageError.self) { try reduced(broken, to: 8) }
    }

    @Test func orientationIsHonoured() throws {
        let upright = try reduced(RasterFixture.bytes("orientation1.jpg"), to: 8)
        for orientation in 2...8 {
            let image = try reduced(RasterFixture.bytes("orientation\(orientation).jpg"), to: 8)
            #expect(image == upright.oriented(orientation))
        }
    }

    /// Whatever is in it, a file is refused in the same words as where all of it is decoded, and accepted alike. What is
    /// accepted is mostly the library's picture, as near as an undamaged one; numbers that no picture has wrap round there.
    @Test(arguments: ["baseline.jpg", "full chroma.JPEG", "restart.jpg", "grey.jpg"])
    func damageIsRefusedInTheSameWords(_ name: String) throws {
        let bytes = try RasterFixture.bytes(name)
        var (state, refused) = (UInt64(4), 0)
        var distances: [[Double]] = [[], [], []]
        for round in 0..<2000 {
            var broken = bytes
            for _ in 0...round % 3 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                broken[2 + Int(state >> 33) % (bytes.count - 2)] = UInt8(truncatingIfNeeded: state >> 20)
            }
            let least = [8, 4, 2][round % 3]
            switch (outcome(broken, least: least), outcome(broken, least: nil)) {
            case (.success(let image), .success):
                distances[round % 3].append(distance(image, try outcome(forLibrary(broken), least: least).get()))
            case (.failure(let reduced), .failure(let whole)):
                refused += 1
                #expect(reduced.description == whole.description)
            case (let reduced, let whole): Issue.record("round \(round): \(reduced), \(whole)")
            }
        }
        #expect(refused > 100)
        for (distances, mean) in zip(distances, [4.5, 3.5, 1.1]) {
            #expect(distances.count > 100)
            #expect(distances.count { $0 <= mean } * 10 >= distances.count * 9, "\(distances.sorted())")
        }
    }

    @Test func damageBelowTheMiddleOfAPhotoIsFound() throws {
        let bytes = try jpeg(640, 480, TJSAMP_420, noise)
        #expect(throws: ImageError.self) { try reduced(Array(bytes.prefix(bytes.count / 2)) + [0xFF, 0xD9], to: 240) }
        let twice = bytes.dropLast(2) + bytes.suffix(400)
        #expect(outcome(Array(twice), least: 240) == outcome(Array(twice), least: nil))
        #expect(throws: ImageError.self) { try reduced(Array(twice), to: 240) }
    }
}
