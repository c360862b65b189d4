import Evaluation
import Foundation
import Testing

/// What a model was trained on does not get lost on its way to the gate, and a bundle is what was exported or nothing.
@Suite(.serialized) struct GuardTests {
    private let trained: TrainedRun

    init() throws { trained = try TrainedRun() }

    private func gate(_ model: String, _ more: String...) throws -> Program.Result {
        try Program.run(["gate", "--goldens", trained.goldens, "--model", model] + more)
    }

    @Test func aGoldenImageThatTrainedIsFoundInRunAndBundle() throws {
        #expect(try gate(trained.run).code == 0)
        try trained.export()
        #expect(try gate(trained.bundle).code == 0)
        for index in 0..<20 {
            try trained.write(FileBytes.read("\(trained.images)/\(index).png"), to: "goldens/images/copy \(index).png")
        }
        for model in [trained.run, trained.bundle] {
            let result = try gate(model)
            #expect(result.code == 3 && result.out.contains("among the images"), "\(result.out)")
        }
    }

    @Test func aLostListIsInconclusiveAndABrokenOneAnError() throws {
        let list = trained.run + "/training_images.json"
        let whole = try FileBytes.read(list)
        for text in ["", "[]", "{}", "[\"x\"]", "[1]"] {
            try FileBytes.write(text, to: list)
            let result = try gate(trained.run)
            #expect(result.code == 2 && result.error.contains("training_images.json"), "\(text): \(result.error)")
        }
        try FileManager.default.removeItem(atPath: list)
        let result = try gate(trained.run)
        #expect(result.code == 3 && result.out.contains("training_images.json"), "\(result.out)")
        #expect(try Program.run(trained.arguments("export", model: trained.run)).code == 3)
        #expect(try Program.run(trained.arguments("predict", model: trained.run)).code == 0)
        try FileBytes.write(whole, to: list)
        #expect(try gate(trained.run).code == 0)
    }

    @Test func bareWeightsPassAndTheVerdictSaysWhatIsUnknown() throws {
        try trained.write(Array("dark\nlight\n".utf8), to: "vocab.txt")
        let result = try gate(
            trained.run + "/model.safetensors", "--arch", "resnet10s", "--head", "fastai", "--size", "32", "--vocab",
            trained.folder + "/vocab.txt")
        #expect(result.code == 0 && result.out.contains("unknown"), "\(result.out) \(result.error)")
    }

    @Test(arguments: ["predict", "evaluate", "gate", "export"])
    func aChangedBundleIsRefused(_ command: String) throws {
        try trained.export()
        let arguments = trained.arguments(command, model: trained.bundle)
        #expect(try Program.run(arguments).code == 0)
        try? FileManager.default.removeItem(atPath: trained.folder + "/out")
        try? FileManager.default.removeItem(atPath: trained.folder + "/second")
        func isRefused(_ what: String) throws {
            let result = try Program.run(arguments)
            #expect(result.code == 2 && result.error.filter { $0 == "\n" }.count == 1, "\(what): \(result.error)")
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: trained.bundle).filter { $0 != "model.sig" }
        #expect(names.count == 7 && names.contains("training_images.json"))
        for name in names {
            let path = "\(trained.bundle)/\(name)"
            let bytes = try FileBytes.read(path)
            for at in [0, bytes.count / 2, bytes.count - 1] where name != "assay.json" || at < bytes.count - 1 {
                var changed = bytes
                changed[at] ^= 1
                try FileBytes.write(changed, to: path)
                try isRefused("\(name) at \(at)")
            }
            try FileManager.default.removeItem(atPath: path)
            try isRefused("\(name) is missing")
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/dev/null")
            try isRefused("\(name) is a link")
            try FileManager.default.removeItem(atPath: path)
            try FileBytes.write(bytes, to: path)
        }
        // Settings, and the list of training images, stand under the verdict too.
        let path = trained.bundle + "/assay.json"
        let manifest = String(decoding: try FileBytes.read(path), as: UTF8.self)
        try FileBytes.write(manifest.replacingOccurrences(of: "0.5", with: "0.6"), to: path)
        try isRefused("thresholds")
        let lines = manifest.split(separator: "\n").filter { !$0.contains("training_images.json") }
        try FileBytes.write(lines.joined(separator: "\n"), to: path)
        try isRefused("an unlisted list")
        #expect(!FileManager.default.fileExists(atPath: trained.folder + "/second"))
    }
}
