import Evaluation
import Raster

/// Pictures augmented as a model's training augments them; the same in a round at any thread count and batch size.
struct TestTimeViews {
    let config: RunConfig
    let paths: [String]
    let round: Int
    let store: ImageStore

    init(_ config: RunConfig, paths: [String], round: Int, store: ImageStore) {
        (self.config, self.paths, self.round, self.store) = (config, paths, round, store)
    }

    func loader(_ batches: [[Int]], threads: Int) -> Loader {
        let (transform, seed, paths, round, store) = (TrainingTransform(config), config.seed, paths, round, store)
        let edge = config.preprocessing.size
        return Loader(batches: batches, imageCount: edge * edge * 3, threads: threads) { item, target in
            var generator = SeededGenerator(seed: seed, 4, UInt64(round), UInt64(item))
            let image = try store.item(paths[item], transform.form)
            transform.apply(image, &generator, into: target)
        }
    }
}
