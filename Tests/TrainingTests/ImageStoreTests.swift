import Evaluation
import Foundation
import Raster
import Testing
import Training

@Suite struct ImageStoreTests {
    /// No crop is smaller than the input, whatever the picture's shape.
    @Test func noPartOfAReducedPictureIsEnlarged() {
        var random = SeededGenerator(seed: 8)
        for minScale in [0.08, 0.35, 1] {
            let crop = RandomResizedCrop(size: 64, minScale: minScale)
            let edge = crop.leastEdge
            for _ in 0..<500 {
                let (a, b) = (edge, edge + random.integer(below: 3 * edge))
                let (width, height) = random.uniform() < 0.5 ? (a, b) : (b, a)
                let box = crop.box(width: width, height: height, &random)
                // Sides are rounded to whole pixels.
                #expect(box.width >= 63.5 && box.height >= 63.5, "\(box) of \(width) x \(height)")
            }
        }
    }

    /// Reduced JPEGs train alike whether pictures are kept or read anew, on any number of threads, and the list of what
    /// they were trained on is of whole pictures.
    @Test func largePicturesAreReducedAndListedWhole() throws {
        let training = try SmallTraining(epochs: 1, freezeEpochs: 0)
        let names = training.table.rows.map(\.name)
        for (index, name) in names.enumerated() {
            let pixels = (0..<320 * 240 * 3).map { UInt8(truncatingIfNeeded: ($0 / 7 + $0 / 960 * index) % 251) }
            let bytes = try Image(width: 320, height: 240, pixels: pixels).jpegBytes(quality: 80)
            try FileBytes.write(bytes, to: "\(training.folder)/\(name)")
        }
        training.config.minScale = 0.5
        #expect(RandomResizedCrop(size: 32, minScale: 0.5).leastEdge < 120)
        func outcome(_ threads: Int) throws -> ([UInt8], [String]) {
            let learner = try training.learner(threads: threads)
            try learner.fit()
            return (try learner.checkpoint().bytes(), try learner.trainedOn())
        }
        let (one, two) = (try outcome(1), try outcome(3))
        #expect(one.0 == two.0 && one.1 == two.1)
        let data = try training.data()
        #expect(
            try one.1 == data.split.training.map { Digest.pixels(try Image.read(path: data.paths[$0])) }.sorted())
    }
}
