import Evaluation
import Foundation
import Raster

/// A data set's images as the network reads them.
struct ImagePipeline {
    let data: Dataset
    let config: RunConfig
    let store: ImageStore
    let threads: Int

    /// Training batches of one epoch over all fits, augmented if the configuration says so.
    func training(epoch: Int, batches: [[Int]]) -> Loader {
        guard config.augments else { return plain(batches) }
        let (transform, seed, paths, store) = (TrainingTransform(config), config.seed, data.paths, store)
        return loader(batches) { item, target in
            var generator = SeededGenerator(seed: seed, 2, UInt64(epoch), UInt64(item))
            let image = try store.item(paths[item], transform.form)
            transform.apply(image, &generator, into: target)
        }
    }

    /// Images as they are judged.
    func plain(_ batches: [[Int]]) -> Loader {
        let (preprocessing, paths, store) = (config.preprocessing, data.paths, store)
        return loader(batches) { item, target in
            preprocessing.normalise(try store.prepared(paths[item], preprocessing), into: target)
        }
    }

    private func loader(
        _ batches: [[Int]], _ make: @escaping @Sendable (Int, UnsafeMutablePointer<Float>) throws -> Void
    ) -> Loader {
        Loader(
            batches: batches, imageCount: config.preprocessing.size * config.preprocessing.size * 3, threads: threads,
            make: make)
    }
}
