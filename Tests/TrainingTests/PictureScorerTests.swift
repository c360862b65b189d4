import Evaluation
import Foundation
import Raster
import Testing
import Training

@Suite struct PictureScorerTests {
    /// Whatever was seen before, in bytes and in files alike, at any number of threads.
    @Test func aPictureScoresAsItsFileDoes() throws {
        let training = try SmallTraining()
        let model = try Model(
            name: "m", config: training.config, weightBytes: training.learner().weightBytes(), file: "m")
        let names = Array(training.table.rows.map(\.name).prefix(4))
        let (one, two) = (try PictureScorer(model, threads: 1), try PictureScorer(model, threads: 2))
        for name in names {
            let path = "\(training.folder)/\(name)"
            let expected = try model.score(paths: [path], names: [name], threads: 2).scores.values
            let bytes = try FileBytes.read(path)
            #expect(try one.probabilities(of: bytes, named: "a") == expected)
            #expect(try two.probabilities(of: bytes, named: "b") == expected)
        }
        #expect(throws: ImageError.self) { try one.probabilities(of: [1, 2, 3], named: "a") }
    }
}
