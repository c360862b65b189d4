import Evaluation
import Foundation
import Raster
import Synchronization

/// How much of a picture a transform needs.
package enum ImageForm: Sendable, Equatable {
    /// All of it; a JPEG may come at a half, a quarter or an eighth, as long as its shorter edge keeps `least` pixels.
    case reduced(least: Int)
    /// With a shorter edge of `edge` pixels. A JPEG of three times that is decoded at a half, a quarter or an eighth, of
    /// which at least one and a half times the edge remains.
    case presized(edge: Int)

    package var least: Int {
        switch self {
        case .reduced(let least): least
        case .presized(let edge): edge * 3 / 2
        }
    }

    /// What a picture takes in this form, known before it is decoded.
    package func bytes(_ header: ImageHeader) -> Int {
        let (width, height) = header.size(least: least)
        guard case .presized(let edge) = self else { return width * height * 3 }
        let size = Image.presizedSize(width: width, height: height, edge: edge)
        return size.width * size.height * 3
    }
}

/// Pictures as a training reads them, the chosen ones kept, so that they are decoded once: a file that is changed while
/// the training runs is to it as it was first read. Safe from any thread.
public final class ImageStore: Sendable {
    private struct State {
        /// By path: as training transforms take them, and as they are judged.
        var items: [String: Image] = [:]
        var prepared: [String: Image] = [:]
        /// Digests of pixels, and of the files' bytes.
        var digests: [String: String] = [:]
        var contents: [String: String] = [:]
        var cache: ItemCache?
        /// Why an entry of the cache is not there, the first's, and how many could not be written one after the other.
        var cacheFailure: String?
        var cacheFailures = 0
    }

    private static let toleratedFailures = 3
    private let state = Mutex(State())
    /// By path: the most that a picture which is kept may take. Bytes.
    private let kept: [String: Int]
    /// Whether each picture's pixel digest is taken as it is first read in whole.
    private let takesDigests: Bool

    init(keeping kept: KeptImages? = nil, takesDigests: Bool = false) {
        self.kept = kept?.sizes ?? [:]
        self.takesDigests = takesDigests
    }

    var cacheFailure: String? { state.withLock { $0.cacheFailure } }

    /// Keeps presized pictures in a folder as well.
    func use(_ cache: ItemCache) { state.withLock { $0.cache = cache } }

    /// The picture as it is judged: always made of all its pixels.
    /// - Parameter preprocessing: the same for all pictures of a store.
    func prepared(_ path: String, _ preprocessing: Preprocessing) throws -> Image {
        if let image = state.withLock({ $0.prepared[path] }) { return image }
        let whole = try Image.read(path: path)
        let image = preprocessing.apply(whole)
        keep(image, path, \.prepared, digest: takesDigests ? Digest.pixels(whole) : nil)
        return image
    }

    /// - Parameter form: the same for all pictures of a store.
    func item(_ path: String, _ form: ImageForm) throws -> Image {
        let (known, cache, content) = state.withLock { ($0.items[path], $0.cache, $0.contents[path]) }
        if let known { return known }
        if let cache, case .presized(let edge) = form {
            let entry = try content.flatMap { cache.read($0, edge: edge) } ?? readThrough(cache, path, edge: edge)
            keep(entry.image, path, \.items, digest: entry.digest)
            return entry.image
        }
        let (image, whole) = try Self.make(Image.readBytes(path: path), path, form)
        keep(image, path, \.items, digest: takesDigests ? whole.map(Digest.pixels) : nil)
        return image
    }

    private func keep(
        _ image: Image, _ path: String, _ place: WritableKeyPath<State, [String: Image]> & Sendable, digest: String?
    ) {
        state.withLock { state in
            if let digest, takesDigests { state.digests[path] = digest }
            // A file may have become another since its header was read.
            if let most = kept[path], image.pixels.count <= most { state[keyPath: place][path] = image }
        }
    }

    /// From the folder, or made and put there.
    private func readThrough(_ cache: ItemCache, _ path: String, edge: Int) throws -> ItemCache.Entry {
        let bytes = try Image.readBytes(path: path)
        let content = Digest.sha256(bytes)
        state.withLock { $0.contents[path] = content }
        if let entry = cache.read(content, edge: edge) { return entry }
        let (item, whole) = try Self.make(bytes, path, .presized(edge: edge))
        let entry = ItemCache.Entry(
            image: item, digest: Digest.pixels(try whole ?? Image(decoding: bytes, named: path)))
        // A full disk costs the next training time, not this one its epochs; one bad entry does not cost the others.
        if state.withLock({ $0.cacheFailures < Self.toleratedFailures }) {
            do {
                try cache.write(entry, content, edge: edge)
                state.withLock { $0.cacheFailures = 0 }
            } catch {
                state.withLock {
                    $0.cacheFailure = $0.cacheFailure ?? "\(error)"
                    $0.cacheFailures += 1
                }
            }
        }
        return entry
    }

    /// - Returns: the picture in its form, and the whole one if it was decoded.
    private static func make(_ bytes: [UInt8], _ path: String, _ form: ImageForm) throws -> (item: Image, whole: Image?)
    {
        let (image, isWhole) = try Image.decode(bytes, named: path, least: form.least)
        guard case .presized(let edge) = form else { return (image, isWhole ? image : nil) }
        return (image.presized(edge), isWhole ? image : nil)
    }

    /// The digest of a picture that has been read in whole.
    public func digest(_ path: String) -> String? { state.withLock { $0.digests[path] } }

    /// The digest of a picture, which is read in whole unless it has been.
    func readDigest(_ path: String) throws -> String {
        if let digest = digest(path) { return digest }
        let digest = Digest.pixels(try Image.read(path: path))
        state.withLock { $0.digests[path] = digest }
        return digest
    }
}
