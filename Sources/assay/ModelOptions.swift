import ArgumentParser
import Evaluation
import Foundation
import Neural
import Training

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
