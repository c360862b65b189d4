import Evaluation
import Raster

/// Pictures augmented as a model's training augments them. What a round makes of a picture hangs on its pixels alone: not
/// on its name, its company, the threads or the batch size.
struct TestTimeViews {
    let config: RunConfig
    let paths: [String]
    /// Of each path's pixels: hexadecimal.
    let digests: [String]
    let round: Int
    let store: ImageStore

    func loader(_ batches: [[Int]], threads: Int) -> Loader {
        let (transform, seed, paths, round, store) = (TrainingTransform(config), config.seed, paths, round, store)
        let keys = digests.map { UInt64($0.prefix(16), radix: 16) ?? 0 }
        let edge = config.preprocessing.size
        return Loader(batches: batches, imageCount: edge * edge * 3, threads: threads) { item, target in
            var generator = SeededGenerator(seed: seed, 4, UInt64(round), keys[item])
            let image = try store.item(paths[item], transform.form)
            transform.apply(image, &generator, into: target)
        }
    }
}
