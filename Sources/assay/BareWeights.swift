import Evaluation
import Foundation
import ModelFiles
import Neural
import Training

/// A weights file on its own: what its folder would have said comes from the options, or from the weights.
enum BareWeights {
    /// - Parameter vocab: a file of labels; without one they are numbered.
    /// - Throws: `InputError` or `ModelFileError` unless every tensor has its place.
    static func load(_ path: String, _ options: ModelOptions, vocab: String?) throws -> Model {
        let bytes = try FreeMemory.readWeights(path)
        let weights = try PretrainedBody.weights(bytes, path)
        guard let network = try options.arch.map(ResNet.init(named:)) ?? weights.architecture else {
            // Its sentence names the first tensor that does not fit.
            _ = try weights.body(of: ResNet(named: "resnet18"))
            throw InputError("bare weights need --arch", at: path)
        }
        let head = try options.head == nil ? weights.head ?? .linear : options.bareHead()
        let labels =
            try vocab.map { Array(try NameList(lines: $0, of: "label")) }
            ?? (0..<(weights.labelCount ?? 1)).map(String.init)
        let state = try weights.all(of: network, labelCount: labels.count, head: head)
        let normalisation = try Normalisation(options.normalisation, weights: path)
        var preprocessing = try options.barePreprocessing()
        normalisation.apply(to: &preprocessing)
        let outside = weights.outside.isEmpty ? "" : "; no part of it: \(PretrainedBody.list(weights.outside))"
        let remark =
            "\(weights.naming.words), \(network.name) with a \(head.rawValue) head, all \(state.count) tensors matched"
            + "\(outside); labels: \(labels.count), \(preprocessing.size) px \(preprocessing.resize.rawValue), \(normalisation.text)"
        Terminal.note("\(path): \(remark)".singleLine)
        let config = RunConfig(
            arch: network.name, head: head, vocab: labels, preprocessing: preprocessing,
            thresholds: Array(repeating: 0.5, count: labels.count))
        // A file that already is what a run folder holds stays as it is, byte for byte.
        let isOurs =
            WeightsFile.isSafeTensors(bytes, named: path) && weights.naming == .torchvision && weights.prefix.isEmpty
        return try Model(
            name: URL(fileURLWithPath: path).lastPathComponent, config: config,
            weightBytes: isOurs ? bytes : SafeTensors.write(state), file: path)
    }
}
