import CTurboJPEG

/// JPEG through TurboJPEG, which reports errors instead of jumping out.
enum JPEG {
    /// A progressive file may repeat scans at no cost to its author and much to its reader.
    static let maximumScans = 100
    static let signature: [UInt8] = [0xFF, 0xD8, 0xFF]

    /// Whether the size stands in these first bytes. The library takes what has no frame for a header, too, of no size.
    static func hasFrame(_ head: [UInt8]) -> Bool { ((try? size(head, ""))?.width ?? 0) > 0 }

    /// The header, and of a whole file that the end marker is there.
    static func inspect(
        _ bytes: [UInt8], isWhole: Bool, _ file: String, _ limits: ImageLimits
    ) throws -> ImageHeader {
        if isWhole { _ = try JPEGSegments(bytes, file) }
        let (width, height) = try size(bytes, file)
        try limits.check(width: width, height: height, file: file)
        return ImageHeader(width: width, height: height, canBeReduced: true)
    }

    private static func size(_ bytes: [UInt8], _ file: String) throws -> (width: Int, height: Int) {
        try withDecoder(bytes, file) { _, header in (Int(header.width), Int(header.height)) }
    }

    private typealias Header = (width: Int32, height: Int32, colorspace: Int32)

    /// What `body` makes of a decoder that has read the header.
    private static func withDecoder<Result>(
        _ bytes: [UInt8], _ file: String, _ body: (tjhandle, Header) throws -> Result
    ) throws -> Result {
        guard let handle = tjInitDecompress() else {
            throw ImageError(file: file, problem: "cannot be decoded: no decoder")
        }
        defer { tjDestroy(handle) }
        var (header, subsampling) = (Header(0, 0, 0), Int32(0))
        guard
            tjDecompressHeader3(
                handle, bytes, UInt(bytes.count), &header.width, &header.height, &subsampling, &header.colorspace) == 0
        else { throw failure(handle, file) }
        return try body(handle, header)
    }

    /// - Parameter least: the decoder may halve the picture up to three times, which costs less, as long as its shorter
    ///   edge keeps this many pixels; nil for all of them.
    /// - Returns: the picture, and whether it has all of its pixels.
    static func decode(
        _ bytes: [UInt8], _ file: String, _ limits: ImageLimits, least: Int? = nil
    ) throws -> (image: Image, isWhole: Bool) {
        let segments = try JPEGSegments(bytes, file)
        guard segments.scans <= maximumScans else {
            throw ImageError(
                file: file, problem: "has too many scans; expected at most \(maximumScans), got \(segments.scans)")
        }
        return try withDecoder(bytes, file) { handle, header in
            try limits.check(width: Int(header.width), height: Int(header.height), file: file)
            let picture = ImageHeader(width: Int(header.width), height: Int(header.height), canBeReduced: true)
            let size = picture.size(least: least)
            let isUsual = header.colorspace == TJCS_YCbCr.rawValue || header.colorspace == TJCS_GRAY.rawValue
            if isUsual, let image = reduced(bytes, picture, divisor: picture.divisor(least: least)) {
                return (image.oriented(segments.orientation), false)
            }
            let (width, height) = (Int32(size.width), Int32(size.height))
            let isCMYK = header.colorspace == TJCS_CMYK.rawValue || header.colorspace == TJCS_YCCK.rawValue
            let format = isCMYK ? TJPF_CMYK : TJPF_RGB
            let length = Int(width) * Int(height) * (isCMYK ? 4 : 3)
            var status = Int32(-1)
            // A decoder that gives up leaves bytes that are nobody's; they go with the error.
            var pixels = [UInt8](unsafeUninitializedCapacity: length) { pixels, filled in
                status = tjDecompress2(
                    handle, bytes, UInt(bytes.count), pixels.baseAddress, width, 0, height, Int32(format.rawValue),
                    TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS)
                filled = status == 0 ? length : 0
            }
            guard status == 0 else { throw failure(handle, file) }
            if isCMYK { pixels = rgb(fromInverted: pixels) }
            let image = Image(width: Int(width), height: Int(height), pixels: pixels)
            return (image.oriented(segments.orientation), picture.divisor(least: least) == 1)
        }
    }

    /// - Parameter quality: 1...100; chroma is halved both ways, as cameras do.
    static func encode(_ image: Image, quality: Int) throws -> [UInt8] {
        guard let handle = tjInitCompress() else {
            throw ImageError(file: "JPEG", problem: "cannot be written: no encoder")
        }
        defer { tjDestroy(handle) }
        var buffer: UnsafeMutablePointer<UInt8>?
        var size: UInt = 0
        defer { tjFree(buffer) }
        let status = tjCompress2(
            handle, image.pixels, Int32(image.width), 0, Int32(image.height), Int32(TJPF_RGB.rawValue), &buffer, &size,
            Int32(TJSAMP_420.rawValue), Int32(min(100, max(1, quality))), TJFLAG_ACCURATEDCT)
        guard status == 0, let buffer else { throw failure(handle, "JPEG") }
        return Array(UnsafeBufferPointer(start: buffer, count: Int(size)))
    }

    private static func failure(_ handle: tjhandle, _ file: String) -> ImageError {
        let reason = tjGetErrorStr2(handle).map { String(cString: $0) } ?? "unknown error"
        return ImageError(file: file, problem: "is damaged; expected a whole JPEG, got: \(reason)")
    }

    /// Pillow's conversion: red is what cyan and black leave of white, the product of both. Inks are taken to be stored
    /// inverted, as Adobe stores them, whether or not a file has Adobe's mark.
    private static func rgb(fromInverted inks: [UInt8]) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: inks.count / 4 * 3)
        for pixel in 0..<inks.count / 4 {
            let black = Int(inks[pixel * 4 + 3])
            for channel in 0..<3 {
                let product = Int(inks[pixel * 4 + channel]) * black + 128
                result[pixel * 3 + channel] = UInt8((product + (product >> 8)) >> 8)
            }
        }
        return result
    }
}

extension Image {
    /// The picture as JPEG bytes, deterministic. `quality` 1...100.
    public func jpegBytes(quality: Int = 92) throws -> [UInt8] { try JPEG.encode(self, quality: quality) }
}
