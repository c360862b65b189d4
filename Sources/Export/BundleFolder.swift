import Crypto
import Evaluation
import Foundation
import ModelFiles
import Training

/// An exported model: the judged weights, ONNX, settings, card, verdict, signature.
public enum BundleFolder {
    /// Writes the bundle of a model that passed its gate.
    ///
    /// - Parameters:
    ///   - pass: only `Gate` makes one; its digests must be this model's.
    ///   - key: signs the bundle; a fresh key, then thrown away, seals it without saying who did.
    /// - Throws: `InputError` if the pass is of another model or the place is taken.
    public static func write(_ model: Model, pass: GatePass, key: P256.Signing.PrivateKey?, to path: String) throws {
        guard pass.model.digests == model.identity.digests else {
            throw InputError(
                "the gate judged another model", at: path, expected: "\(pass.model.digests)",
                got: "\(model.identity.digests)")
        }
        let name = URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent
        var files = try contents(model, pass)
        let hashes = files.mapValues(Digest.sha256)
        files[OutputManifest.file] = Array(
            (try JSON.text(BundleManifest(config: model.config, hashes: hashes)) + "\n").utf8)
        let signature = try ModelSignature.sign(files, name: name, key: key ?? P256.Signing.PrivateKey())
        try StagedFolder.write(to: path, kind: .bundle) { folder in
            for (file, bytes) in files { try FileBytes.write(bytes, to: "\(folder)/\(file)") }
            try FileBytes.write(signature, to: "\(folder)/\(ModelSignature.file)")
        }
    }

    /// Every file but the manifest and the signature.
    private static func contents(_ model: Model, _ pass: GatePass) throws -> [String: [UInt8]] {
        let config = model.config
        let settings = JSON.object([
            "mean": .array(config.preprocessing.mean.map { .number(Double($0)) }),
            "std": .array(config.preprocessing.std.map { .number(Double($0)) }),
            "resize": .string(config.preprocessing.resize.rawValue), "size": .integer(config.preprocessing.size),
            "resize_to": .integer(config.preprocessing.resizeTo),
        ])
        let names = config.vocab.enumerated().map { "\($0): \(QuotedText.of($1, quote: "'"))" }.joined(separator: ", ")
        let onnx = try ONNXModel.write(
            graph: model.graph, weights: model.parameters.stateDictionary(), inputHeight: config.preprocessing.size,
            inputWidth: config.preprocessing.size,
            metadata: [
                "names": "{\(names)}", "Image.BitmapPixelFormat": "Rgb8", "assay.preprocessing": try settings.text(),
                "assay.thresholds": try JSON.array(config.thresholds.map { .number($0) }).text(),
            ])
        let pairs = config.vocab.enumerated().map { ("\($0)", $1) }
        let sidecar = JSON.object([
            "id2label": .object(Dictionary(pairs.map { ($0, .string($1)) }, uniquingKeysWith: { first, _ in first })),
            "label2id": .object(
                Dictionary(
                    config.vocab.enumerated().map { ($1, .integer($0)) }, uniquingKeysWith: { first, _ in first })),
            "problem_type": .string("multi_label_classification"), "architecture": .string(config.arch),
            "num_classes": .integer(config.vocab.count),
        ])
        var files = [
            Model.weightsFile: model.weightBytes, "model.onnx": onnx,
            Model.configFile: Array((try sidecar.text() + "\n").utf8),
            "README.md": Array(try ModelCard.text(model, pass).utf8),
            VerdictFiles.name: Array((try JSON.text(pass.verdict) + "\n").utf8),
        ]
        if let list = model.trainedOn.digests {
            files[TrainingImagesFile.name] = Array(try TrainingImagesFile.text(list).utf8)
        }
        return files
    }
}
