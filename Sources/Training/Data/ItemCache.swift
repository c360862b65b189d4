import Evaluation
import Foundation
import Raster

/// A folder of presized pictures, each under the digest of its file's bytes and of what was made of them: another file or
/// another size is another entry. An entry that is not as it was written counts as none.
///
/// An entry is `ASSAYPX1`, width and height (UInt32), the whole picture's pixel digest (64 hex digits), XXH64 of what
/// follows it and of those fields (UInt64), and the pixels; numbers little-endian.
public struct ItemCache: Sendable {
    package struct Entry: Equatable {
        package let image: Image
        /// `Digest.pixels` of the whole picture.
        package let digest: String

        package init(image: Image, digest: String) { (self.image, self.digest) = (image, digest) }
    }

    private static let magic = Array("ASSAYPX1".utf8)
    private static let head = 8 + 8 + 64
    private let folder: String

    /// - Throws: `InputError` if the folder cannot be made.
    public init(folder: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw InputError("cannot make the cache folder", at: folder, expected: "a folder, or a place for one")
        }
        self.folder = folder
    }

    private func path(_ content: String, edge: Int) -> String {
        "\(folder)/\(Digest.sha256(Array("3 \(edge) \(content)".utf8))).pixels"
    }

    package func read(_ content: String, edge: Int) -> Entry? {
        let file = path(content, edge: edge)
        guard let bytes = try? Image.readBytes(path: file), bytes.count > Self.head + 8, bytes.starts(with: Self.magic)
        else { return nil }
        func number(_ at: Int, _ count: Int) -> UInt64 {
            (0..<count).reduce(0) { $0 | UInt64(bytes[at + $1]) << UInt64(8 * $1) }
        }
        let (width, height) = (Int(number(8, 4)), Int(number(12, 4)))
        guard width > 0, height > 0, width <= 1 << 20, height <= 1 << 20,
            bytes.count == Self.head + 8 + width * height * 3,
            number(Self.head, 8) == Self.checksum(bytes[..<Self.head], bytes[(Self.head + 8)...])
        else { return nil }
        return Entry(
            image: Image(width: width, height: height, pixels: Array(bytes[(Self.head + 8)...])),
            digest: String(decoding: bytes[16..<Self.head], as: UTF8.self))
    }

    /// - Throws: `InputError` if it cannot be written.
    package func write(_ entry: Entry, _ content: String, edge: Int) throws {
        func little(_ value: some FixedWidthInteger) -> [UInt8] {
            withUnsafeBytes(of: value.littleEndian) { Array($0) }
        }
        let image = entry.image
        var bytes = Self.magic
        bytes += little(UInt32(image.width))
        bytes += little(UInt32(image.height))
        bytes += Array(entry.digest.utf8)
        bytes += little(Self.checksum(bytes[...], image.pixels[...]))
        bytes += image.pixels
        try FileBytes.write(bytes, to: path(content, edge: edge))
    }

    private static func checksum(_ head: ArraySlice<UInt8>, _ pixels: ArraySlice<UInt8>) -> UInt64 {
        pixels.withUnsafeBytes { pixels in head.withUnsafeBytes { XXH64.of(pixels, seed: XXH64.of($0)) } }
    }
}

extension Learner {
    /// Keeps presized training images in a folder, for this training and others; it changes no result.
    /// - Throws: `InputError` if the folder cannot be made, or this training presizes nothing.
    public func useCache(_ folder: String) throws {
        guard config.augments, config.augmentation?.itemSize != nil else {
            throw InputError(
                "there is nothing to keep", at: folder, expected: "a training with --item-size",
                got: "one without")
        }
        images.store.use(try ItemCache(folder: folder))
    }

    /// Why the cache lacks images: one sentence, or nil if it has all that were read.
    public var cacheRemark: String? {
        images.store.cacheFailure.map { "--cache is incomplete: \($0)" }
    }
}
