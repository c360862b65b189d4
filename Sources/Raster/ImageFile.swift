import Foundation

extension Image {
    /// Decodes a JPEG or PNG by its content; the name serves only error messages. EXIF orientation is honoured, alpha is
    /// composited on white. A damaged or truncated picture is an error, never partial pixels.
    /// - Throws: `ImageError`.
    public init(decoding bytes: [UInt8], named file: String, limits: ImageLimits = .standard) throws {
        self = try Self.decode(bytes, named: file, limits: limits, least: nil).image
    }

    /// As `init(decoding:named:limits:)`, but a JPEG may come halved, up to three times, which costs less, as long as its
    /// shorter edge keeps `least` pixels.
    /// - Returns: the picture, and whether it has all of its pixels.
    public static func decode(
        _ bytes: [UInt8], named file: String, limits: ImageLimits = .standard, least: Int?
    ) throws -> (image: Image, isWhole: Bool) {
        if bytes.starts(with: JPEG.signature) {
            return try JPEG.decode(bytes, file, limits, least: least)
        } else if bytes.starts(with: PNG.signature) {
            return (try PNG.decode(bytes, file, limits), true)
        } else {
            throw notAnImage(bytes, file)
        }
    }

    static func notAnImage(_ bytes: [UInt8], _ file: String) -> ImageError {
        ImageError(
            file: file,
            problem: bytes.isEmpty
                ? "is empty; expected a JPEG or PNG image, got 0 bytes"
                : "is not an image; expected JPEG or PNG content, got \(kind(of: bytes))")
    }

    /// Reads and decodes a file.
    public static func read(path: String, limits: ImageLimits = .standard) throws -> Image {
        try Image(decoding: readBytes(path: path, limits: limits), named: path, limits: limits)
    }

    /// The bytes of a regular file, so that what is hashed is what is decoded.
    public static func readBytes(path: String, limits: ImageLimits = .standard) throws -> [UInt8] {
        func fail(_ problem: String) -> ImageError { ImageError(file: path, problem: problem) }
        // Non-blocking, so that a FIFO named like a picture does not hang.
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw fail("cannot be opened: \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw fail("cannot be read: \(String(cString: strerror(errno)))") }
        guard status.st_mode & S_IFMT == S_IFREG else { throw fail("is not a regular file; expected an image file") }
        guard status.st_size <= limits.maximumBytes else {
            throw fail("is too large; expected at most \(limits.maximumBytes) bytes, got \(status.st_size)")
        }
        let length = Int(status.st_size)
        var reason: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: length) { buffer, filled in
            while filled < length {
                let got = Foundation.read(descriptor, buffer.baseAddress.map { $0 + filled }, length - filled)
                if got < 0 { reason = errno }
                if got <= 0 { break }
                filled += got
            }
        }
        guard reason == 0 else { throw fail("cannot be read: \(String(cString: strerror(reason)))") }
        return bytes
    }

    /// What the first bytes look like, for a person.
    private static func kind(of bytes: [UInt8]) -> String {
        let start = Array(bytes.prefix(64))
        func has(_ text: String, at offset: Int = 0) -> Bool { start.dropFirst(offset).starts(with: Array(text.utf8)) }
        if has("GIF8") { return "a GIF" }
        if has("RIFF"), has("WEBP", at: 8) { return "a WebP image" }
        if has("BM") { return "a BMP image" }
        if has("%PDF") { return "a PDF" }
        if has("II*\0") || has("MM\0*") { return "a TIFF image" }
        if has("PK\u{3}\u{4}") { return "a zip archive" }
        if has("ftyp", at: 4) { return "a HEIC, AVIF or video file" }
        let text = String(decoding: start, as: UTF8.self).lowercased().trimmingCharacters(in: .whitespacesAndNewlines)
        if text.hasPrefix("<!doctype html") || text.hasPrefix("<html") { return "an HTML page" }
        if text.hasPrefix("<svg") || text.hasPrefix("<?xml") { return "XML" }
        if start.allSatisfy({ $0 == 9 || $0 == 10 || $0 == 13 || (32..<127).contains($0) }) { return "text" }
        return "bytes "
            + start.prefix(8).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined(separator: " ")
    }
}
