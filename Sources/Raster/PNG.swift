import CPNG
import CPNGRows

/// PNG: read row by row, since libpng's simplified interface misreads interlaced 16-bit pictures; written through it.
enum PNG {
    static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    static func decode(_ bytes: [UInt8], _ file: String, _ limits: ImageLimits) throws -> Image {
        let header = try checkChunks(bytes, file, limits)
        let (width, height) = (header.width, header.height)
        var rgba = [UInt8](repeating: 0, count: width * height * 4)
        var message = [CChar](repeating: 0, count: 128)
        guard
            png_rows_read(bytes, bytes.count, UInt32(width), UInt32(height), &rgba, &message, message.count) == 1
        else {
            let reason = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            throw failure(String(decoding: reason, as: UTF8.self), file)
        }
        var pixels = [UInt8](repeating: 0, count: width * height * 3)
        for pixel in 0..<width * height {
            let alpha = Int(rgba[pixel * 4 + 3])
            for channel in 0..<3 {
                let value = Int(rgba[pixel * 4 + channel])
                pixels[pixel * 3 + channel] = UInt8((value * alpha + 255 * (255 - alpha) + 127) / 255)
            }
        }
        return Image(width: width, height: height, pixels: pixels).oriented(header.orientation)
    }

    static func encode(_ image: Image) throws -> [UInt8] {
        var control = png_image()
        control.version = png_uint_32(PNG_IMAGE_VERSION)
        control.width = png_uint_32(image.width)
        control.height = png_uint_32(image.height)
        control.format = png_uint_32(PNG_FORMAT_FLAG_COLOR)
        defer { png_image_free(&control) }
        var size = 0
        guard png_image_write_to_memory(&control, nil, &size, 0, image.pixels, 0, nil) != 0 else {
            throw failure(reason(control), "PNG")
        }
        var bytes = [UInt8](repeating: 0, count: size)
        guard png_image_write_to_memory(&control, &bytes, &size, 0, image.pixels, 0, nil) != 0 else {
            throw failure(reason(control), "PNG")
        }
        return Array(bytes.prefix(size))
    }

    /// The last chunk of every PNG.
    static let end: [UInt8] = [0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82]

    /// Every chunk of a whole file, or the header of its first bytes.
    static func inspect(
        _ bytes: [UInt8], isWhole: Bool, _ file: String, _ limits: ImageLimits
    ) throws -> ImageHeader {
        let header =
            isWhole
            ? try checkChunks(bytes, file, limits) : try checkChunks(Array(bytes.prefix(33)) + end, file, limits)
        return ImageHeader(width: header.width, height: header.height, canBeReduced: false)
    }

    private struct Header {
        var width = 0
        var height = 0
        /// EXIF's, 1...8.
        var orientation = 1
    }

    /// libpng stops at the last pixel, so the chunks to the end are checked here, before anything is allocated: the
    /// header first, lengths, CRCs, IEND.
    private static func checkChunks(_ bytes: [UInt8], _ file: String, _ limits: ImageLimits) throws -> Header {
        func number(_ at: Int) -> Int { bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
        var at = signature.count
        var header = Header()
        while at + 12 <= bytes.count {
            let length = number(at)
            guard length <= bytes.count - at - 12 else { break }
            let kind = Array(bytes[at + 4..<at + 8])
            guard CRC32.of(bytes[at + 4..<at + 8 + length]) == UInt32(number(at + 8 + length)) else {
                throw ImageError(
                    file: file, problem: "is damaged; expected chunk checksums to hold, got a wrong one at byte \(at)")
            }
            let isFirst = at == signature.count
            guard isFirst == (kind == Array("IHDR".utf8)), !isFirst || length == 13 else {
                throw failure(isFirst ? "no header" : "a second header", file)
            }
            if isFirst {
                (header.width, header.height) = (number(at + 8), number(at + 12))
                try limits.check(width: header.width, height: header.height, file: file)
            }
            if kind == Array("eXIf".utf8) {
                header.orientation = EXIF.orientation(Array(bytes[at + 8..<at + 8 + length])) ?? header.orientation
            }
            if kind == Array("IEND".utf8) { return header }
            at += 12 + length
        }
        throw ImageError(
            file: file, problem: "is truncated; expected a PNG that ends in IEND, got \(bytes.count) bytes without")
    }

    private static func reason(_ control: png_image) -> String {
        withUnsafeBytes(of: control.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    private static func failure(_ reason: String, _ file: String) -> ImageError {
        ImageError(file: file, problem: "is damaged; expected a whole PNG, got: \(reason)")
    }
}

extension Image {
    /// The picture as PNG bytes, lossless and deterministic.
    public func pngBytes() throws -> [UInt8] { try PNG.encode(self) }
}
