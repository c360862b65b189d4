import Evaluation
import Foundation
import Raster

/// A folder of presized pictures, each under the digest of its file's bytes and of what was made of them: another file or
/// another size is another entry. An entry that is not as it was written counts as none.
///
/// An entry is `ASSAYPX1`, width and height (UInt32), the whole picture's pixel digest (64 hex digits), XXH64 of what
/// follows it, of those fields and of the entry's name (UInt64), and the pixels; numbers little-endian.
public struct ItemCache: Sendable {
    package struct Entry: Equatable {
        package let image: Image
        /// `Digest.pixels` of the whole picture.
        package let digest: String

        package init(image: Image, digest: String) { (self.image, self.digest) = (image, digest) }
    }

    private static let magic = Array("ASSAYPX1".utf8)
    private static let head = 8 + 8 + 64
    private static let suffix = ".pixels"
    private let folder: String

    /// - Throws: `InputError` if the folder cannot be made.
    public init(folder: String) throws {
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw InputError("cannot make the cache folder", at: folder, expected: "a folder, or a place for one")
        }
        self.folder = folder
        removeRemains()
    }

    /// What trainings that were killed as they wrote have left. A write lasts moments.
    private func removeRemains() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        where FileBytes.wholeName(ofPart: name)?.hasSuffix(Self.suffix) == true {
            let path = "\(folder)/\(name)"
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            guard let written = attributes?[.modificationDate] as? Date else { continue }
            if -written.timeIntervalSinceNow > 600 { unlink(path) }
        }
    }

    /// The number is that of how pictures are presized: whatever changes a pixel of theirs changes it.
    private func name(_ content: String, edge: Int) -> String {
        Digest.sha256(Array("4 \(edge) \(content)".utf8)) + Self.suffix
    }

    package func read(_ content: String, edge: Int) -> Entry? {
        let name = name(content, edge: edge)
        guard let bytes = try? Image.readBytes(path: "\(folder)/\(name)"), bytes.count > Self.head + 8,
            bytes.starts(with: Self.magic)
        else { return nil }
        func number(_ at: Int, _ count: Int) -> UInt64 {
            (0..<count).reduce(0) { $0 | UInt64(bytes[at + $1]) << UInt64(8 * $1) }
        }
        let (width, height) = (Int(number(8, 4)), Int(number(12, 4)))
        guard width > 0, height > 0, width <= 1 << 20, height <= 1 << 20,
            bytes.count == Self.head + 8 + width * height * 3,
            number(Self.head, 8) == Self.checksum(name, bytes[..<Self.head], bytes[(Self.head + 8)...])
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
        let (image, name) = (entry.image, name(content, edge: edge))
        var bytes = Self.magic
        bytes += little(UInt32(image.width))
        bytes += little(UInt32(image.height))
        bytes += Array(entry.digest.utf8)
        bytes += little(Self.checksum(name, bytes[...], image.pixels[...]))
        bytes += image.pixels
        try FileBytes.write(bytes, to: "\(folder)/\(name)")
    }

    private static func checksum(_ name: String, _ head: ArraySlice<UInt8>, _ pixels: ArraySlice<UInt8>) -> UInt64 {
        var sum = Array(name.utf8).withUnsafeBytes { XXH64.of($0) }
        for part in [head, pixels] { sum = part.withUnsafeBytes { XXH64.of($0, seed: sum) } }
        return sum
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
