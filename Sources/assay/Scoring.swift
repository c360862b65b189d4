import Evaluation
import Foundation
import Training

/// Running a model over labelled images, with a bar.
enum Scoring {
    /// What a model says of labelled images, and of how many of all.
    /// - Parameters:
    ///   - allowsMissing: labels that the model lacks are left out.
    ///   - shard: which part of them; nil for all.
    static func input(
        _ model: Model, _ table: LabelTable, folder: String, thresholds: [Double]?, threads: Int,
        batchSize: Int, augmented: Int = 0, allowsMissing: Bool = false, shard: Shard? = nil
    ) throws -> (input: EvaluationInput, total: Int) {
        let labels = model.config.vocab
        let (truth, leftOut) = try TruthTable.matching(table, model: labels, allowsMissing: allowsMissing)
        for sentence in leftOut?.sentences ?? [] { Terminal.note(sentence.singleLine) }
        let total = truth.names.count
        let rows = try shard?.rows(of: total) ?? 0..<total
        let part = rows.count == total ? truth : truth.gathered(Array(rows))
        let names = Array(part.names)
        let (scores, digests) = try score(
            model, try Dataset.locate(names, in: folder), names, threads: threads, batchSize: batchSize,
            augmented: augmented, of: total)
        let input = EvaluationInput(
            title: model.identity.name, model: model.identity, scores: ScoreTable(scores), truth: part,
            thresholds: thresholds ?? model.config.thresholds, decoding: model.config.thresholds,
            pixelDigests: digests, leftOut: leftOut, trainedOn: seen(digests, by: model))
        return (input, total)
    }

    /// How many of these images the model was trained on; nil where that is unknown.
    static func seen(_ digests: [String], by model: Model) -> Int? {
        model.trainedOn.digests.map { list in digests.count(where: list.contains) }
    }

    static func score(
        _ model: Model, _ paths: [String], _ names: [String], threads: Int, batchSize: Int,
        augmented: Int = 0, of total: Int? = nil, view: ModelView? = nil
    ) throws -> (scores: Scores, digests: [String]) {
        if augmented > 0, !model.config.augments {
            Terminal.note("--tta changes nothing: the model was trained without augmentation")
        }
        let bar = Progress("scoring", total: paths.count)
        defer { bar.clear() }
        return try model.score(
            paths: paths, names: names, threads: threads, batchSize: batchSize, augmented: augmented,
            of: total, view: view
        ) { bar.update($0) }
    }
}
