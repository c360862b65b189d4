import ArgumentParser
import Evaluation
import Foundation
import Report
import Training

struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says what changed between two evaluations of the same images, and whether by more than chance.",
        discussion: """
            Example:
              assay compare old-report new-report --out comparison

            Writes index.html, comparison.json and flips.csv.
            """)

    @Argument(help: ArgumentHelp("The earlier record.json, or a folder that holds one.", valueName: "a"))
    var a: String
    @Argument(help: ArgumentHelp("The later one.", valueName: "b"))
    var b: String
    @Option(help: ArgumentHelp("The folder to write.", valueName: "dir"))
    var out: String
    @Option(help: ArgumentHelp("Draws of the images for the intervals.", valueName: "n"))
    var resamples = 1000
    @Option(help: ArgumentHelp("The seed of the draws.", valueName: "n"))
    var seed: UInt64 = 0
    @Flag(help: "Print comparison.json.")
    var json = false

    func validate() throws {
        guard (1...100_000).contains(resamples) else {
            throw ValidationError("--resamples: expected 1 to 100000, got \(resamples).")
        }
    }

    func run() throws {
        try OutputPlace.check(out, for: .comparison, inputs: [a, b])
        let comparison = try ModelComparison.measure(
            RecordFile.read(a), RecordFile.read(b), resamples: resamples, seed: seed)
        let text = try JSON.text(comparison)
        let links = [("a", a, comparison.titleA), ("b", b, comparison.titleB)].compactMap { side, path, title in
            FileTree.kind(of: path + "/index.html") == .file
                ? PageLink(to: path + "/index.html", from: out, text: "Report \(side): \(title)") : nil
        }
        try StagedFolder.write(to: out, kind: .comparison) { folder in
            for file in ComparisonReport.files(comparison, links: links) {
                try FileBytes.write(file.bytes, to: "\(folder)/\(file.path)")
            }
            try FileBytes.write(text + "\n", to: folder + "/comparison.json")
            try FileBytes.write(comparison.flipsCSV, to: folder + "/flips.csv")
        }
        if json { return try Terminal.print(text) }
        for change in comparison.figures {
            try Terminal.print(
                change.name.padded(16) + "\(Summary.number(change.a)) -> \(Summary.number(change.b))  "
                    + (change.low == nil
                        ? "(no interval: images are too few, or every draw of them is the same)"
                        : "(\(Summary.number(change.low)) to \(Summary.number(change.high)))"))
        }
        try Terminal.print(
            "images fixed \(comparison.fixedImages), broken \(comparison.brokenImages), "
                + "McNemar's p \(comparison.pValue < 0.00005 ? "below 0.0001" : Summary.number(comparison.pValue))")
        try Terminal.print("comparison: \(out)/index.html".singleLine)
    }
}
