import Evaluation
import Foundation
import Raster
import Synchronization

/// Decoded pictures, kept while they fit a budget, so that an epoch decodes each once. Safe from any thread.
public final class ImageStore: Sendable {
    private struct State {
        var images: [String: Image] = [:]
        /// Presized ones.
        var items: [String: Image] = [:]
        /// Digests of pixels, and of the files' bytes.
        var digests: [String: String] = [:]
        var contents: [String: String] = [:]
        var bytes = 0
        var cache: ItemCache?
    }

    private let state = Mutex(State())
    private let budget: Int
    /// Whether each picture's pixel digest is taken as it is first read.
    private let takesDigests: Bool

    public init(budgetBytes: Int = 1 << 30, takesDigests: Bool = false) {
        budget = budgetBytes
        self.takesDigests = takesDigests
    }

    /// Keeps presized pictures in a folder as well.
    func use(_ cache: ItemCache) { state.withLock { $0.cache = cache } }

    public func image(_ path: String) throws -> Image {
        if let image = state.withLock({ $0.images[path] }) { return image }
        let image = try Image.read(path: path)
        let digest = takesDigests ? Digest.pixels(image) : nil
        state.withLock { state in
            if let digest { state.digests[path] = digest }
            if state.images[path] == nil, state.bytes + image.pixels.count <= budget {
                state.images[path] = image
                state.bytes += image.pixels.count
            }
        }
        return image
    }

    /// The picture with a shorter edge of `edge` pixels; nil is the whole picture. A JPEG of more than four times that is
    /// decoded at a half, a quarter or an eighth, of which at least twice the edge remains.
    func item(_ path: String, edge: Int?) throws -> Image {
        guard let edge else { return try image(path) }
        let (known, cache, content) = state.withLock { ($0.items[path], $0.cache, $0.contents[path]) }
        if let known { return known }
        let (image, digest): (Image, String?)
        if let cache {
            let stored = content.flatMap { cache.read($0, edge: edge) }
            let entry = try stored ?? readThrough(cache, path, edge: edge)
            (image, digest) = (entry.image, entry.digest)
        } else {
            (image, digest) = try make(path, edge: edge)
        }
        state.withLock { state in
            if let digest, takesDigests { state.digests[path] = digest }
            if state.items[path] == nil, state.bytes + image.pixels.count <= budget {
                state.items[path] = image
                state.bytes += image.pixels.count
            }
        }
        return image
    }

    /// From the folder, or made and put there.
    private func readThrough(_ cache: ItemCache, _ path: String, edge: Int) throws -> ItemCache.Entry {
        let bytes = try Image.readBytes(path: path)
        let content = Digest.sha256(bytes)
        state.withLock { $0.contents[path] = content }
        if let entry = cache.read(content, edge: edge) { return entry }
        let (item, whole) = try Self.presize(bytes, path, edge: edge)
        let entry = ItemCache.Entry(
            image: item, digest: Digest.pixels(try whole ?? Image(decoding: bytes, named: path)))
        try cache.write(entry, content, edge: edge)
        return entry
    }

    private func make(_ path: String, edge: Int) throws -> (Image, String?) {
        let (item, whole) = try Self.presize(Image.readBytes(path: path), path, edge: edge)
        return (item, takesDigests ? whole.map(Digest.pixels) : nil)
    }

    /// - Returns: the presized picture, and the whole one if it was decoded.
    private static func presize(_ bytes: [UInt8], _ path: String, edge: Int) throws -> (item: Image, whole: Image?) {
        let (image, isWhole) = try Image.decode(bytes, named: path, least: 2 * edge)
        return (image.presized(edge), isWhole ? image : nil)
    }

    /// The digest of a picture that has been read.
    public func digest(_ path: String) -> String? { state.withLock { $0.digests[path] } }
}
