import Evaluation
import Raster

/// Pictures augmented as a model's training augments them; the same in a round at any thread count and batch size.
struct TestTimeViews {
    let config: RunConfig
    let paths: [String]
    /// The first path's place among those of all parts that one evaluation was split into.
    let firstItem: Int
    let round: Int
    let store: ImageStore

    init(_ config: RunConfig, paths: [String], firstItem: Int = 0, round: Int, store: ImageStore) {
        (self.config, self.paths, self.firstItem) = (config, paths, firstItem)
        (self.round, self.store) = (round, store)
    }

    func loader(_ batches: [[Int]], threads: Int) -> Loader {
        let (transform, seed, paths, round, store) = (TrainingTransform(config), config.seed, paths, round, store)
        let first = firstItem
        let edge = config.preprocessing.size
        return Loader(batches: batches, imageCount: edge * edge * 3, threads: threads) { item, target in
            var generator = SeededGenerator(seed: seed, 4, UInt64(round), UInt64(first + item))
            let image = try store.item(paths[item], transform.form)
            transform.apply(image, &generator, into: target)
        }
    }
}
