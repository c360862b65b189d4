import Evaluation
import Raster

/// Which pictures a training keeps decoded, chosen from their headers before any is read: those that validate, each epoch
/// whole, then those that train, first come first kept while they fit. What is kept never changes a result.
public struct KeptImages: Sendable, Equatable {
    /// Pictures of the training, and how many of them are kept.
    public let total: Int
    public var count: Int { sizes.count }
    /// What the kept ones take, and what all would.
    public let bytes: Int
    public let totalBytes: Int
    /// By path: the bytes of each that is kept.
    let sizes: [String: Int]

    /// - Parameter budget: bytes that they may take.
    package init(_ config: RunConfig, _ data: Dataset, budget: Int) {
        var sizes: [String: Int] = [:]
        var (bytes, totalBytes) = (0, 0)
        for (item, size) in Self.sizes(config, data) {
            totalBytes += size
            guard bytes + size <= budget else { continue }
            sizes[data.paths[item]] = size
            bytes += size
        }
        (self.sizes, self.bytes, self.totalBytes) = (sizes, bytes, totalBytes)
        total = data.paths.count
    }

    /// What all of them take. Bytes.
    public static func bytes(_ config: RunConfig, _ data: Dataset) -> Int {
        sizes(config, data).reduce(0) { $0 + $1.bytes }
    }

    private static func sizes(_ config: RunConfig, _ data: Dataset) -> [(item: Int, bytes: Int)] {
        let judged = config.preprocessing.size * config.preprocessing.size * 3
        let form = TrainingTransform(config).form
        return data.split.validation.map { ($0, judged) }
            + data.split.training.map { ($0, config.augments ? form.bytes(data.headers[$0]) : judged) }
    }

    /// One sentence for a person.
    public var line: String {
        func size(_ bytes: Int) -> String { "\(FreeMemory.mebibytes(bytes)) MiB" }
        if count == total { return "all images are kept in memory once they are read: \(size(bytes))" }
        let (kept, all) = (count == 0 ? "no images are" : "\(count) of \(total) images are", size(totalBytes))
        return "\(kept) kept in memory (\(size(bytes)) of \(all)); each epoch reads the others anew"
    }
}
