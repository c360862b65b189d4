import Foundation

extension Image {
    /// Whether a file begins and ends as a whole JPEG or PNG does, at the cost of two short reads; only a file with
    /// something after its picture, or a header of unusual length, is read whole. Damage in between is not seen.
    /// - Returns: what the header says of the picture.
    /// - Throws: `ImageError`, in the words of the decoder.
    @discardableResult
    public static func inspect(path: String, limits: ImageLimits = .standard) throws(ImageError) -> ImageHeader {
        do {
            let (head, tail) = try ends(path: path, limits: limits)
            let bytes = try hasItsEnd(head, tail) ? head : readBytes(path: path, limits: limits)
            return try inspect(bytes, isWhole: bytes.count != head.count || tail == nil, path, limits)
        } catch let error as ImageError {
            throw error
        } catch {
            throw ImageError(file: path, problem: "cannot be read: \(error)")
        }
    }

    private static let headLength = 1 << 16

    /// The first bytes, and the last twelve of a file that is longer.
    private static func ends(path: String, limits: ImageLimits) throws -> (head: [UInt8], tail: [UInt8]?) {
        var status = stat()
        // What is no file, or a short one, is a matter of one read.
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size > headLength,
            status.st_size <= limits.maximumBytes, let file = FileHandle(forReadingAtPath: path)
        else { return (try readBytes(path: path, limits: limits), nil) }
        defer { try? file.close() }
        let head = try file.read(upToCount: headLength) ?? Data()
        try file.seek(toOffset: UInt64(status.st_size) - 12)
        return ([UInt8](head), [UInt8](try file.read(upToCount: 12) ?? Data()))
    }

    /// Whether the tail is the end of a picture of the head's kind; nothing is told of a file that is all head.
    private static func hasItsEnd(_ head: [UInt8], _ tail: [UInt8]?) -> Bool {
        guard let tail else { return true }
        if head.starts(with: JPEG.signature) {
            return tail.suffix(2) == [0xFF, 0xD9] && JPEG.hasFrame(head)
        }
        return !head.starts(with: PNG.signature) || tail == PNG.end
    }

    private static func inspect(
        _ bytes: [UInt8], isWhole: Bool, _ file: String, _ limits: ImageLimits
    ) throws -> ImageHeader {
        if bytes.starts(with: JPEG.signature) {
            return try JPEG.inspect(bytes, isWhole: isWhole, file, limits)
        } else if bytes.starts(with: PNG.signature) {
            return try PNG.inspect(bytes, isWhole: isWhole, file, limits)
        } else {
            throw notAnImage(bytes, file)
        }
    }
}
