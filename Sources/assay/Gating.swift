import Evaluation
import Foundation
import Training

/// Scoring a golden set and judging the outcome, for the commands that gate.
enum Gating {
    struct Result {
        let judgement: Gate.Judgement
        let record: EvaluationRecord
        let golden: GoldenSet
    }

    static func judge(
        model: Model, goldens: String, baseline: EvaluationRecord? = nil, thresholds: [Double]? = nil, threads: Int,
        batchSize: Int = 32
    ) throws -> Result {
        let golden = try GoldenSet.read(folder: goldens)
        let truth = try truth(of: golden, goldens, labels: model.config.vocab)
        let paths = golden.images.map { golden.imageFolder + "/" + $0 }
        let (scores, digests) = try Scoring.score(model, paths, golden.images, threads: threads, batchSize: batchSize)
        let record = try EvaluationRecord.measure(
            title: golden.name, model: model.identity, scores: scores, truth: truth,
            thresholds: thresholds ?? model.config.thresholds, slices: golden.slices, pixelDigests: digests)
        return Result(
            judgement: Gate.judge(record: record, golden: golden, baseline: baseline, trainedOn: model.trainedOn),
            record: record, golden: golden)
    }

    static func judge(
        scores: Scores, from source: String, goldens: String, baseline: EvaluationRecord?, thresholds: [Double]
    ) throws -> Result {
        let golden = try GoldenSet.read(folder: goldens)
        let truth = try truth(of: golden, goldens, labels: scores.labels)
        let scores = try scores.aligned(names: truth.names, labels: truth.labels, at: "\(source), \(goldens)")
        let record = try EvaluationRecord.measure(
            title: golden.name, scores: scores, truth: truth, thresholds: thresholds, slices: golden.slices)
        return Result(
            judgement: Gate.judge(record: record, golden: golden, baseline: baseline), record: record, golden: golden)
    }

    /// An empty golden set is never a pass, and one of other labels is a mistake in it: neither is scored.
    private static func truth(of golden: GoldenSet, _ folder: String, labels: [String]) throws -> Truth {
        guard !golden.images.isEmpty else {
            throw InputError("the golden set has no images", at: folder, expected: "at least one image", got: "none")
        }
        if let unknown = golden.unknownLabels(among: labels).first {
            throw InputError(
                "\(unknown.place) names a label unknown to the model", at: "\(folder)/\(GoldenSet.file)",
                expected: "one of \(labels.joined(separator: ", "))", got: "'\(unknown.label)'")
        }
        return try golden.truth(labels: labels)
    }

    /// The verdict folder: the verdict's files beside the report of the golden run.
    static func write(_ result: Result, to path: String) throws {
        // Thresholds chosen on golden images would pass them by heart.
        var options = Analysis.Options()
        options.objective = nil
        options.calibrates = false
        options.exclusive = result.golden.exclusive.filter(result.record.labels.contains)
        let analysis = try Analysis.measure(result.record, options: options)
        try StagedFolder.write(to: path, kind: .verdict) { folder in
            try ReportFolder.contents(
                result.record, analysis: analysis, in: folder, imageFolder: result.golden.imageFolder,
                verdict: result.judgement.verdict)
            for file in try VerdictFiles.files(result.judgement.verdict) {
                try FileBytes.write(file.text, to: "\(folder)/\(file.path)")
            }
        }
    }
}
