import ArgumentParser
import Evaluation
import Foundation
import Training

struct Merge: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Makes one report of the parts that evaluate --shard wrote: the same bytes as one run of evaluate.",
        discussion: """
            Each part holds the scores and the truth of its images. The options of the report are given here, as they would be \
            to evaluate.

            Example:
              assay evaluate --labels labels.csv --images photos --model run --shard 1/2 --out part-1
              assay evaluate --labels labels.csv --images photos --model run --shard 2/2 --out part-2
              assay merge part-1 part-2 --images photos --out report
            """)

    @Argument(help: ArgumentHelp("The folders that evaluate --shard wrote, in any order.", valueName: "part"))
    var parts: [String]
    @Option(help: ArgumentHelp("The report folder to write.", valueName: "dir"))
    var out: String
    @Option(help: ArgumentHelp("The folder that holds the images, for the pictures of the page.", valueName: "dir"))
    var images: String?
    @Option(help: ArgumentHelp("The labels CSV, for --slice-column.", valueName: "csv"))
    var labels: String?
    @Option(help: ArgumentHelp("The column of image names.", valueName: "name"))
    var nameColumn = "fname"
    @OptionGroup var reportOptions: ReportOptions
    @OptionGroup var threadOptions: ThreadOptions

    func validate() throws {
        guard reportOptions.sliceOptions.sliceColumn.isEmpty || labels != nil else {
            throw ValidationError("--slice-column needs --labels.")
        }
    }

    func run() throws {
        try OutputPlace.check(out, for: .report, inputs: [images, labels] + parts.map { $0 })
        let labelsDigest = try EvaluatedPart.digest(labels)
        let input = try EvaluationInput.merging(
            parts.map { folder in
                // What is cut off or changed is no part.
                if FileTree.kind(of: "\(folder)/\(EvaluationPart.file)") != nil,
                    let objection = try OutputManifest.objection(to: folder, as: .part)
                {
                    throw InputError(
                        "is no part of an evaluation", at: folder,
                        expected: "an unchanged folder that evaluate --shard wrote", got: objection)
                }
                let part = try EvaluationPart(folder: folder)
                if let labels, part.settings[EvaluationPart.labelsFile] != labelsDigest {
                    throw InputError(
                        "the labels are not those of the part", at: "\(labels), \(folder)",
                        expected: "the file that evaluate --shard read, unchanged", got: "another one")
                }
                return (folder, part)
            })
        try reportOptions.write(
            input.measure(threads: threadOptions.count), decoding: input.decoding, to: out,
            columns: reportOptions.sliceOptions.columns(labels ?? "", nameColumn: nameColumn), images: images,
            threads: threadOptions.count)
    }
}
