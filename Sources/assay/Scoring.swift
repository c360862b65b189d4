import Evaluation
import Foundation
import Training

/// Running a model over labelled images, with a bar.
enum Scoring {
    static func record(
        _ model: Model, _ table: LabelTable, folder: String, thresholds: [Double]?, threads: Int,
        batchSize: Int, augmented: Int = 0, title: String? = nil
    ) throws -> EvaluationRecord {
        let truth = try Truth(table, labels: model.config.vocab)
        let paths = try Dataset.locate(truth.names, in: folder)
        let (scores, digests) = try score(
            model, paths, truth.names, threads: threads, batchSize: batchSize, augmented: augmented)
        return try .measure(
            title: title ?? model.identity.name, model: model.identity, scores: scores, truth: truth,
            thresholds: thresholds ?? model.config.thresholds, pixelDigests: digests)
    }

    static func score(
        _ model: Model, _ paths: [String], _ names: [String], threads: Int, batchSize: Int,
        augmented: Int = 0
    ) throws -> (scores: Scores, digests: [String]) {
        let bar = Progress("scoring", total: paths.count)
        defer { bar.clear() }
        return try model.score(paths: paths, names: names, threads: threads, batchSize: batchSize, augmented: augmented)
        { bar.update($0) }
    }
}
