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
        var isFolder: ObjCBool = false
        let isThere = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        let table =
            isThere && isFolder.boolValue
            ? try LabelTable.fromFolders(path) : try LabelTable.read(path, format: format)
        for remark in table.remarks + table.lookalikes { Terminal.note("\(path): \(remark)".singleLine) }
        return table
    }
}

/// Which model a command runs.
struct ModelOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A run folder, a bundle, or weights with --vocab: .safetensors, .pth.", valueName: "model"))
    var model: String?

    @Option(help: ArgumentHelp("The architecture of bare weights (default: theirs).", valueName: "name"))
    var arch: String?

    @Option(help: ArgumentHelp("The head of bare weights: linear or fastai (default: theirs).", valueName: "name"))
    var head: String?

    @Option(
        help: ArgumentHelp(
            "The labels, one a line: of bare weights, of an array's columns, or all that there are.", valueName: "file")
    )
    var vocab: String?

    @Option(help: ArgumentHelp("The input size of bare weights, in pixels (default: 224).", valueName: "n"))
    var size: Int?

    @Option(
        help: ArgumentHelp(
            "How bare weights' images become square: squish, crop or pad (default: squish).", valueName: "how"))
    var resize: String?

    @OptionGroup var normalisation: NormalisationOptions

    /// The files and folders that these options name.
    var inputs: [String?] { [model, vocab] }

    func validate() throws {
        do {
            if let arch { _ = try ResNet(named: arch) }
            _ = try bareHead()
            _ = try barePreprocessing()
        } catch {
            throw ValidationError("\(error)")
        }
    }

    /// Loads `path`, whatever it is.
    /// - Parameter needsVocab: whether the labels of bare weights must have names.
    func load(_ path: String, needsVocab: Bool = true) throws -> Model {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw InputError(
                "there is no model", at: path, expected: "a run folder, a bundle or a weights file", got: "nothing")
        }
        if isFolder.boolValue {
            let bare: [(name: String, isGiven: Bool)] = [
                ("--arch", arch != nil), ("--head", head != nil), ("--vocab", vocab != nil), ("--size", size != nil),
                ("--resize", resize != nil), ("--mean", normalisation.mean != nil), ("--std", normalisation.std != nil),
            ]
            if let given = bare.first(where: \.isGiven) {
                throw ValidationError("\(given.name) is for bare weights; '\(path.singleLine)' has its own.")
            }
            return try Model(folder: path)
        }
        guard needsVocab, vocab == nil else { return try BareWeights.load(path, self, vocab: vocab) }
        throw InputError("bare weights need --vocab", at: path, expected: "a file of labels, one a line")
    }

    func bareHead() throws -> ResNet.Head {
        guard let found = ResNet.Head(rawValue: head ?? "linear") else {
            throw InputError("unknown --head", expected: "linear or fastai", got: "'\(head ?? "")'")
        }
        return found
    }

    func barePreprocessing() throws -> Preprocessing {
        guard let found = Preprocessing.Resize(rawValue: resize ?? "squish") else {
            throw InputError("unknown --resize", expected: "squish, crop or pad", got: "'\(resize ?? "")'")
        }
        return try Preprocessing(size: size ?? 224, resize: found)
    }
}

/// Files of predictions, by the ending of their name: a wide or long CSV, or `.npy` / `.npz` with names and labels beside.
struct PredictionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Scores instead of a model: a wide CSV fname,<label>,…, a long one fname,label,score, or .npy/.npz [N, C] with --names and --vocab.",
            valueName: "file"))
    var predictions: String?

    @Flag(help: "The predictions are logits.")
    var logits = false

    @Option(help: ArgumentHelp("Which array of a .npz (default: the only one).", valueName: "name"))
    var array: String?

    @Option(help: ArgumentHelp("Image names of an array's rows, one a line.", valueName: "file"))
    var names: String?

    func validate() throws {
        let given = [("--logits", logits), ("--array", array != nil), ("--names", names != nil)]
        if predictions == nil, let name = given.first(where: \.1)?.0 {
            throw ValidationError("\(name) goes with --predictions.")
        }
    }

    /// The files that these options name.
    var inputs: [String?] { [predictions, names] }

    func read(_ path: String, vocab: String?, nameColumn: String = "fname") throws -> Scores {
        try readTable(path, vocab: vocab, nameColumn: nameColumn).scores()
    }

    func readTable(_ path: String, vocab: String?, nameColumn: String = "fname") throws -> ScoreTable {
        let table = try table(path, vocab: vocab, nameColumn: nameColumn)
        for remark in logits ? table.logitRemarks : [] { Terminal.note("\(path): \(remark)".singleLine) }
        return table
    }

    private func table(_ path: String, vocab: String?, nameColumn: String) throws -> ScoreTable {
        guard path.hasSuffix(".npy") || path.hasSuffix(".npz") else {
            return try Predictions.readTable(path, nameColumn: nameColumn, areLogits: logits)
        }
        guard let names, let vocab else { throw InputError("an array needs --names and --vocab", at: path) }
        return try Predictions.readArray(path, names: names, vocab: vocab, array: array, areLogits: logits)
    }
}

/// A threshold on the command line.
func parseThreshold(_ text: String) throws -> Double {
    guard let value = StrictNumber.parse(text), (0...1).contains(value) else {
        throw ValidationError("--threshold: expected a number from 0 to 1, got '\(text)'.")
    }
    return value
}
