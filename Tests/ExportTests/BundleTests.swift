import Crypto
import Evaluation
import Export
import Foundation
import ModelFiles
import Neural
import Testing
import Training
import Yams

@Suite struct BundleTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bundle-\(UUID())").path

    private func model(seed: UInt64 = 1, threshold: Double = 0.5) throws -> Model {
        let config = RunConfig(
            arch: "resnet10s", head: .linear, vocab: ["it's", "x\"<b>"], preprocessing: try .validation(size: 32),
            thresholds: [threshold, 0.5])
        let parameters = try Parameters(config.graph())
        parameters.initialise(seed: seed)
        return try Model(
            name: "m", config: config, weightBytes: SafeTensors.write(parameters.stateDictionary()), file: "m")
    }

    /// A pass on `model`, the only way there is: through the gate.
    private func pass(_ model: Model) throws -> GatePass {
        let scores = try Scores(
            names: ["a"], labels: model.config.vocab, values: model.config.vocab.indices.map { $0 == 0 ? 0.9 : 0.1 })
        let record = try EvaluationRecord.measure(
            title: "t", model: model.identity, scores: scores,
            truth: Truth(names: ["a"], labels: model.config.vocab, targets: [[0]]), thresholds: [0.5])
        let golden = GoldenSet(
            name: "g", imageFolder: ".", images: ["a"],
            rules: [Rule(metric: .exactMatch, bound: .atLeast(1), place: "test")])
        return try #require(Gate.judge(record: record, golden: golden).pass)
    }

    private func isGood(_ key: P256.Signing.PublicKey? = nil) throws -> Bool {
        try BundleVerification.findings(folder, key: key).allSatisfy(\.isGood)
    }

    /// Whatever labels are called, a reader of YAML finds them in the model card.
    @Test func theModelCardsFrontMatterReadsBack() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let vocab = ["- a: b\n---\n", "# x", "\"\u{301}\\", "\u{FFFE}\u{FFFF}\u{85}\u{2028}\u{202E}", "null", "ünï"]
            .sorted {
                $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars)
            }
        let config = RunConfig(
            arch: "resnet10s", head: .linear, vocab: vocab, preprocessing: try .validation(size: 32),
            thresholds: vocab.map { _ in 0.5 })
        let parameters = try Parameters(config.graph())
        parameters.initialise(seed: 1)
        let model = try Model(
            name: "it's: \"m\"", config: config, weightBytes: SafeTensors.write(parameters.stateDictionary()), file: "m"
        )
        try BundleFolder.write(model, pass: pass(model), key: P256.Signing.PrivateKey(), to: folder)
        let card = String(decoding: try FileBytes.read(folder + "/README.md"), as: UTF8.self)
        #expect(card.hasPrefix("---\n"))
        let parts = card.components(separatedBy: "\n---\n")
        let front = try #require(try Yams.compose(yaml: parts[0] + "\n")?.mapping)
        #expect(front["labels"]?.sequence?.map { $0.string } == vocab)
        #expect(front["model-index"]?.sequence?.first?.mapping?["name"]?.string == "it's: \"m\"")
    }

    @Test func aSignedBundleVerifiesAndAnyChangeShows() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let model = try model()
        let key = P256.Signing.PrivateKey()
        try BundleFolder.write(model, pass: pass(model), key: key, to: folder)
        let names = ["README.md", "assay.json", "config.json", "model.onnx", "model.safetensors", "verdict.json"]
        #expect(try FileListing(of: folder).files == (names + ["model.sig"]).sorted())
        #expect(try isGood() && isGood(key.publicKey))
        #expect(try !isGood(P256.Signing.PrivateKey().publicKey))
        #expect(try Model(folder: folder).identity.digests == model.identity.digests)
        #expect(try FileBytes.read(folder + "/model.safetensors") == model.weightBytes)
        for name in names {
            let path = folder + "/" + name
            let bytes = try FileBytes.read(path)
            var changed = bytes
            changed[bytes.count / 2] ^= 1
            try FileBytes.write(changed, to: path)
            #expect(try !isGood(key.publicKey), "\(name)")
            try FileManager.default.removeItem(atPath: path)
            #expect(try !isGood(key.publicKey), "\(name) missing")
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/dev/null")
            #expect(try !isGood(key.publicKey), "\(name) a link")
            try FileManager.default.removeItem(atPath: path)
            try FileBytes.write(bytes, to: path)
        }
        #expect(try isGood(key.publicKey))
        try FileBytes.write("x", to: folder + "/extra")
        #expect(try !isGood(key.publicKey))
    }

    @Test func aPassOfAnotherModelExportsNothing() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for other in [try model(seed: 2), try model(threshold: 0.6)] {
            #expect(throws: InputError.self) {
                try BundleFolder.write(other, pass: pass(model()), key: nil, to: folder)
            }
        }
        #expect(!FileManager.default.fileExists(atPath: folder))
    }
}
