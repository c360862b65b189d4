import CPNG

/// PNG through libpng's simplified interface, which reports errors instead of jumping out.
enum PNG {
    static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    static func decode(_ bytes: [UInt8], _ file: String, _ limits: ImageLimits) throws -> Image {
        let orientation = try checkChunks(bytes, file, limits)
        var control = png_image()
        control.version = png_uint_32(PNG_IMAGE_VERSION)
        defer { png_image_free(&control) }
        guard png_image_begin_read_from_memory(&control, bytes, bytes.count) != 0 else { throw failure(control, file) }
        // 16-bit samples are sRGB like the others, as other readers take them.
        control.flags |= png_uint_32(PNG_IMAGE_FLAG_16BIT_sRGB)
        control.format = png_uint_32(PNG_FORMAT_FLAG_COLOR | PNG_FORMAT_FLAG_ALPHA)
        let (width, height) = (Int(control.width), Int(control.height))
        try limits.check(width: width, height: height, file: file)
        var rgba = [UInt8](repeating: 0, count: width * height * 4)
        guard png_image_finish_read(&control, nil, &rgba, 0, nil) != 0, control.warning_or_error == 0 else {
            throw failure(control, file)
        }
        var pixels = [UInt8](repeating: 0, count: width * height * 3)
        for pixel in 0..<width * height {
            let alpha = Int(rgba[pixel * 4 + 3])
            for channel in 0..<3 {
                let value = Int(rgba[pixel * 4 + channel])
                pixels[pixel * 3 + channel] = UInt8((value * alpha + 255 * (255 - alpha) + 127) / 255)
            }
        }
        return Image(width: width, height: height, pixels: pixels).oriented(orientation)
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
            throw failure(control, "PNG")
        }
        var bytes = [UInt8](repeating: 0, count: size)
        guard png_image_write_to_memory(&control, &bytes, &size, 0, image.pixels, 0, nil) != 0 else {
            throw failure(control, "PNG")
        }
        return Array(bytes.prefix(size))
    }

    /// libpng stops at the last pixel, so the chunks to the end are checked here: lengths, CRCs, IEND. Returns the
    /// EXIF orientation.
    private static func checkChunks(_ bytes: [UInt8], _ file: String, _ limits: ImageLimits) throws -> Int {
        func number(_ at: Int) -> Int { bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
        var at = signature.count
        var orientation = 1
        while at + 12 <= bytes.count {
            let length = number(at)
            guard length <= bytes.count - at - 12 else { break }
            let kind = Array(bytes[at + 4..<at + 8])
            guard CRC32.of(bytes[at + 4..<at + 8 + length]) == UInt32(number(at + 8 + length)) else {
                throw ImageError(
                    file: file, problem: "is damaged; expected chunk checksums to hold, got a wrong one at byte \(at)")
            }
            if kind == Array("IHDR".utf8), length >= 8 {
                try limits.check(width: number(at + 8), height: number(at + 12), file: file)
            }
            if kind == Array("eXIf".utf8) {
                orientation = EXIF.orientation(Array(bytes[at + 8..<at + 8 + length])) ?? orientation
            }
            if kind == Array("IEND".utf8) { return orientation }
            at += 12 + length
        }
        throw ImageError(
            file: file, problem: "is truncated; expected a PNG that ends in IEND, got \(bytes.count) bytes without")
    }

    private static func failure(_ control: png_image, _ file: String) -> ImageError {
        let reason = withUnsafeBytes(of: control.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        return ImageError(file: file, problem: "is damaged; expected a whole PNG, got: \(reason)")
    }
}

extension Image {
    /// The picture as PNG bytes, lossless and deterministic.
    public func pngBytes() throws -> [UInt8] { try PNG.encode(self) }
}
