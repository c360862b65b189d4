import ArgumentParser
import Evaluation
import Foundation
import Neural
import Training

/// `--threads`, shared by every command that computes.
struct ThreadOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Threads to use (default: all cores).", valueName: "n"))
    var threads: Int?

    /// Each has memory of its own.
    private static let range = 1...1024

    func validate() throws {
        if let threads, !Self.range.contains(threads) {
            throw ValidationError("--threads: expected 1 to \(Self.range.upperBound), got \(threads).")
        }
    }

    var count: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }
}

/// How a labels CSV is laid out.
struct LabelOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The column of image names.", valueName: "name"))
    var nameColumn = "fname"

    @Option(help: ArgumentHelp("The column of labels.", valueName: "name"))
    var labelsColumn = "labels"

    @Option(help: ArgumentHelp("What separates labels within their cell.", valueName: "text"))
    var labelDelimiter = ";"

    var format: LabelTable.Format {
        var format = LabelTable.Format()
        format.nameColumn = nameColumn
        format.labelsColumn = labelsColumn
        format.delimiter = labelDelimiter
        return format
    }

    /// A CSV, or a folder with a sub-folder for each label.
    func table(_ path: String) throws -> LabelTable {
        let table = try LabelTable.read(anyOf: path, format: format)
        for remark in table.remarks + table.lookalikes { Terminal.note("\(path): \(remark)".singleLine) }
        return table
    }
}

/// A threshold on the command line.
func parseThreshold(_ text: String) throws -> Double {
    guard let value = StrictNumber.parse(text), (0...1).contains(value) else {
        throw ValidationError("--threshold: expected a number from 0 to 1, got '\(text)'.")
    }
    return value
}
