import ArgumentParser
import Evaluation
import Foundation
import Neural
import Training

/// `--threads`, shared by every command that computes.
struct ThreadOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Threads to use (default: all cores).", valueName: "n"))
    var threads: Int?

    func validate() throws {
        if let threads, threads < 1 { throw ValidationError("--threads: expected at least 1, got \(threads).") }
    }

    var count: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }
}

/// How a labels CSV is laid out.
struct LabelOptions: ParsableArguments {
    @Option(help: "The column of image names.")
    var nameColumn = "fname"

    @Option(help: "The column of labels.")
    var labelsColumn = "labels"

    @Option(help: "What separates labels within their cell.")
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
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
            let table = try LabelTable.fromFolders(path)
            for remark in table.remarks { Terminal.note("\(path): \(remark)".singleLine) }
            return table
        }
        return try .read(path, format: format)
    }
}

/// Which model a command runs.
struct ModelOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A run folder, a bundle, or .safetensors weights with --arch and --vocab.", valueName: "model"))
    var model: String?

    @Option(help: "The architecture of bare weights.")
    var arch: String?

    @Option(help: "The head of bare weights: linear or fastai.")
    var head = "linear"

    @Option(help: ArgumentHelp("The labels of bare weights, one a line.", valueName: "file"))
    var vocab: String?

    @Option(help: "The input size of bare weights, in pixels.")
    var size = 224

    @Option(help: "How bare weights' images become square: squish, crop or pad.")
    var resize = "squish"

    @Option(help: ArgumentHelp("Bare weights' channel means (default: ImageNet's).", valueName: "r,g,b"))
    var mean: String?

    @Option(help: ArgumentHelp("Bare weights' channel deviations (default: ImageNet's).", valueName: "r,g,b"))
    var std: String?

    /// The files and folders that these options name.
    var inputs: [String?] { [model, vocab] }

    /// Loads `path`, whatever it is.
    func load(_ path: String) throws -> Model {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw InputError(
                "there is no model", at: path, expected: "a run folder, a bundle or a weights file", got: "nothing")
        }
        if isFolder.boolValue { return try Model(folder: path) }
        guard path.hasSuffix(".safetensors") else {
            throw InputError(
                "unknown kind of model", at: path, expected: "a run folder, a bundle or .safetensors",
                got: "another file")
        }
        guard let arch, let vocab else {
            throw InputError("bare weights need --arch and --vocab", at: path)
        }
        guard let resize = Preprocessing.Resize(rawValue: resize) else {
            throw InputError("unknown --resize", expected: "squish, crop or pad", got: "'\(resize)'")
        }
        guard let head = ResNet.Head(rawValue: head) else {
            throw InputError("unknown --head", expected: "linear or fastai", got: "'\(head)'")
        }
        let labels = try Predictions.lines(vocab)
        guard !labels.isEmpty, Set(labels).count == labels.count else {
            throw InputError(
                "the vocab cannot be used", at: vocab, expected: "labels one a line, each once",
                got: "\(labels.count) lines")
        }
        let preprocessing = try Preprocessing(
            size: size, resize: resize, mean: try triple(mean) ?? Preprocessing.imageNetMean,
            std: try triple(std) ?? Preprocessing.imageNetStd)
        Terminal.note(
            "\(path): \(arch), \(labels.count) labels, \(size) px \(resize.rawValue), mean \(preprocessing.mean), std \(preprocessing.std)"
        )
        let config = RunConfig(
            arch: arch, head: head, vocab: labels, preprocessing: preprocessing,
            thresholds: Array(repeating: 0.5, count: labels.count))
        return try Model(
            name: URL(fileURLWithPath: path).lastPathComponent, config: config, weightBytes: FileBytes.read(path),
            file: path)
    }

    private func triple(_ text: String?) throws -> [Float]? {
        guard let text else { return nil }
        let values = text.split(separator: ",", omittingEmptySubsequences: false).map { StrictNumber.parse(String($0)) }
        guard values.count == 3, !values.contains(nil) else {
            throw InputError(
                "--mean and --std take three numbers", expected: "for example 0.485,0.456,0.406", got: "'\(text)'")
        }
        return values.compactMap { $0.map(Float.init) }
    }
}

/// Files of predictions, by the ending of their name: a wide CSV, or `.npy` / `.npz` with names and labels beside.
struct PredictionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Scores instead of a model: a wide CSV fname,<label>,… or .npy/.npz [N, C] with --names and --vocab.",
            valueName: "file"))
    var predictions: String?

    @Flag(help: "The predictions are logits.")
    var logits = false

    @Option(help: ArgumentHelp("Image names of an array's rows, one a line.", valueName: "file"))
    var names: String?

    /// The files that these options name.
    var inputs: [String?] { [predictions, names] }

    func read(_ path: String, vocab: String?, nameColumn: String = "fname") throws -> Scores {
        guard path.hasSuffix(".npy") || path.hasSuffix(".npz") else {
            return try Predictions.read(path, nameColumn: nameColumn, areLogits: logits)
        }
        guard let names, let vocab else { throw InputError("an array needs --names and --vocab", at: path) }
        return try Predictions.readArray(path, names: names, vocab: vocab, areLogits: logits)
    }
}

/// A threshold on the command line.
func parseThreshold(_ text: String) throws -> Double {
    guard let value = StrictNumber.parse(text), (0...1).contains(value) else {
        throw ValidationError("--threshold: expected a number from 0 to 1, got '\(text)'.")
    }
    return value
}
