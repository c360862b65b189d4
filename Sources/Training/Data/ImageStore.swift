import Evaluation
import Foundation
import Raster
import Synchronization

/// Decoded pictures, kept while they fit a budget, so that an epoch decodes each once. Safe from any thread.
public final class ImageStore: Sendable {
    private struct State {
        var images: [String: Image] = [:]
        var digests: [String: String] = [:]
        var bytes = 0
    }

    private let state = Mutex(State())
    private let budget: Int
    /// Whether each picture's pixel digest is taken as it is first read.
    private let takesDigests: Bool

    public init(budgetBytes: Int = 1 << 30, takesDigests: Bool = false) {
        budget = budgetBytes
        self.takesDigests = takesDigests
    }

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

    /// The digest of a picture that has been read.
    public func digest(_ path: String) -> String? { state.withLock { $0.digests[path] } }
}
