import ArgumentParser
import Evaluation
import Foundation
import Report
import Training

struct DataCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Finds wrong labels, duplicate images and labels that exist twice.",
        discussion: """
            Examples:
              assay data check --labels labels.csv --images photos --out findings
              assay data check --labels labels.csv --images photos --model run --out findings
              assay data check --labels labels.csv --images photos --model run --out f --no-held-out
              assay data check --labels labels.csv --images photos --predictions scores.csv --out findings

            Wrong labels and labels that behave as one need scores of every image. Scores by models that have not seen the \
            image they score (cross-validation, --predictions) find the most: a network learns some wrong labels by heart. So, \
            where it was trained on most of these images, linear models on its features rank them, each image by one \
            that was fitted without it.
            """)

    @Option(help: ArgumentHelp("Labels: a CSV with fname,labels, or a folder for each label.", valueName: "csv"))
    var labels: String
    @Option(help: ArgumentHelp("The folder that holds the images.", valueName: "dir"))
    var images: String
    @Option(help: ArgumentHelp("The findings folder to write.", valueName: "dir"))
    var out: String
    @Option(help: ArgumentHelp("Images a batch.", valueName: "n"))
    var batchSize = 32
    @Option(help: ArgumentHelp("The most wrong-label candidates to list.", valueName: "n"))
    var wrongLabels = 200
    @Flag(
        inversion: .prefixedNo,
        help: ArgumentHelp(
            "Rank wrong labels by linear models on the network's features, each image by one fitted without it, or by the "
                + "network itself (default: where it was trained on most of these images)."))
    var heldOut: Bool?
    @Flag(help: "Print findings.json.")
    var json = false
    @OptionGroup var predictionOptions: PredictionOptions
    @OptionGroup var modelOptions: ModelOptions
    @OptionGroup var labelOptions: LabelOptions
    @OptionGroup var threadOptions: ThreadOptions

    func validate() throws {
        guard modelOptions.model == nil || predictionOptions.predictions == nil else {
            throw ValidationError("Give --model or --predictions, not both.")
        }
        guard heldOut == nil || modelOptions.model != nil else { throw ValidationError("--held-out needs --model.") }
        guard batchSize >= 1 else { throw ValidationError("--batch-size: expected 1 or more, got \(batchSize).") }
        guard wrongLabels >= 0 else { throw ValidationError("--wrong-labels: expected 0 or more, got \(wrongLabels).") }
    }

    func run() throws {
        try OutputPlace.check(
            out, for: .findings, inputs: [labels, images] + predictionOptions.inputs + modelOptions.inputs)
        let table = try labelOptions.table(labels)
        let names = table.rows.map(\.name)
        let paths = try Dataset.locate(names, in: images)
        let isLabelled = table.rows.contains { !$0.labels.isEmpty }
        // First, for it reads every picture and names all that it cannot read.
        Terminal.note("comparing \(paths.count) \(paths.count == 1 ? "picture" : "pictures")")
        let prints = try prints(paths, names)
        let (scores, features, isHeldOut, remarks) = try scored(paths, names, isLabelled)
        let vocab = scores?.labels ?? table.vocabulary
        let findings = try DataFindings.find(
            table, labels: vocab, prints: prints, scores: scores,
            from: predictionOptions.predictions, features: features,
            heldOut: try isHeldOut
                ? features.map { try HeldOutScores.leaveOneOut($0, Truth(table, labels: vocab)) } : nil,
            wrongLabelLimit: wrongLabels, remarks: remarks)
        let text = try JSON.text(findings)
        try StagedFolder.write(to: out, kind: .findings) { folder in
            try FileManager.default.createDirectory(atPath: folder + "/img", withIntermediateDirectories: true)
            for file in try FindingsReport.files(findings, imageFolder: images) {
                try FileBytes.write(file.bytes, to: "\(folder)/\(file.path)")
            }
            try FileBytes.write(text + "\n", to: folder + "/findings.json")
            try FileBytes.write(findings.duplicateImagesCSV, to: folder + "/duplicate_images.csv")
            guard scores != nil else { return }
            try FileBytes.write(findings.wrongLabelsCSV, to: folder + "/wrong_labels.csv")
            try FileBytes.write(findings.duplicateLabelsCSV, to: folder + "/duplicate_labels.csv")
        }
        try Terminal.print(json ? text : Self.lines(findings).joined(separator: "\n"))
        if !json { try Terminal.print("findings: \(out)/index.html".singleLine) }
    }

    private func prints(_ paths: [String], _ names: [String]) throws -> [ImageFingerprint] {
        do {
            return try ImageFingerprint.all(paths: paths, names: names, threads: threadOptions.count)
        } catch let unreadable as UnreadableImages {
            if unreadable.errors.count == 1 { throw unreadable.errors[0] }
            for error in unreadable.errors { Terminal.note("\(error)".singleLine) }
            throw InputError(
                "\(unreadable.errors.count) of \(unreadable.count) images cannot be read", at: images,
                expected: "whole JPEG or PNG images", got: "those above")
        }
    }

    private func scored(_ paths: [String], _ names: [String], _ isLabelled: Bool) throws -> (
        scores: Scores?, features: FeatureRows?, isHeldOut: Bool, remarks: [String]
    ) {
        if let path = predictionOptions.predictions {
            let scores = try predictionOptions.read(
                path, vocab: modelOptions.vocab, nameColumn: labelOptions.nameColumn)
            return (scores, nil, false, ["Scores from \(URL(fileURLWithPath: path).lastPathComponent)."])
        }
        guard let path = modelOptions.model else {
            return (nil, nil, false, ["Without a model only the pictures were compared."])
        }
        let model = try modelOptions.load(path)
        let (scores, digests) = try Scoring.score(
            model, paths, names, threads: threadOptions.count, batchSize: batchSize)
        let seen = Scoring.seen(digests, by: model)
        let isHeldOut = heldOut ?? seen.map { 2 * $0 > digests.count } ?? false
        let seenText =
            seen.map {
                "The model was trained on \($0 == 0 ? "none of these" : "\($0) of these \(digests.count)") images"
            } ?? "What the model was trained on is unknown"
        guard isLabelled else { return (scores, try features(model, paths, names), false, ["\(seenText)."]) }
        let trust =
            isHeldOut
            ? "wrong labels are ranked by linear models on its features, each image by one fitted without it."
            : seen == 0
                ? "its own scores rank wrong labels."
                : "wrong labels that it learned by heart stand too low; --held-out or scores by cross-validation find more."
        return (scores, try features(model, paths, names), isHeldOut, ["\(seenText): \(trust)"])
    }

    private func features(_ model: Model, _ paths: [String], _ names: [String]) throws -> FeatureRows? {
        let bar = Progress("features", total: paths.count)
        defer { bar.clear() }
        return try model.features(
            paths: paths, names: names, threads: threadOptions.count, batchSize: batchSize
        ) { bar.update($0) }
    }

    /// The findings in a few lines.
    static func lines(_ findings: DataFindings) -> [String] {
        let images = findings.duplicateImages
        var lines = [
            "duplicate images  \(images.count { $0.kind == .exact }) exact, \(images.count { $0.kind == .near }) near, "
                + "\(images.count { $0.kind == .features }) by features, "
                + "\(images.count(where: \.crossesSplit)) across the split"
        ]
        lines += images.prefix(10).map { "  \($0.kind.rawValue)  \($0.first) = \($0.second)" }
        if let found = findings.wrongLabels {
            lines.append("wrong labels      \(found.count { $0.isConfident }) candidates, \(found.count) ranked")
            lines += found.prefix(10).map {
                "  \(Summary.number($0.selfConfidence))  \($0.name): given '\($0.given.joined(separator: ";"))', "
                    // Where the joint counts an image of which nothing else is suggested.
                    + ($0.given == $0.suggested
                        ? "doubtful '\($0.label)'" : "suggested '\($0.suggested.joined(separator: ";"))'")
            }
        }
        if let pairs = findings.duplicateLabels {
            let told = pairs.untold.isEmpty ? "" : " that some image tells apart"
            lines.append(
                "labels as one     \(pairs.pairs.count { $0.behavesAsOne }) of \(pairs.pairs.count) pairs\(told)")
            lines += pairs.pairs.prefix(3).map {
                "  \($0.first) / \($0.second): cross-prediction \(Summary.number($0.crossPrediction)), "
                    + "p \(Summary.number($0.pValue))"
            }
            if !pairs.untold.isEmpty {
                let found = pairs.untold.filter(\.isBeyondChance)
                let others = pairs.untold.count - found.count
                lines.append(
                    "never apart       \(found.count) of these pairs of labels"
                        + (others == 0 ? "" : ", and \(others) that may be so by chance"))
                lines += found.prefix(5).map { "  \($0.text)" }
            }
        }
        return (lines + findings.remarks).map(\.singleLine)
    }
}
