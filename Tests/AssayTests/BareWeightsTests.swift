import Evaluation
import Foundation
import ModelFiles
import Neural
import Raster
import Testing

/// Weights files of others, given to `predict`, `inspect` and `train`.
@Suite struct BareWeightsTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("weights-\(UUID())").path
    private let state: StateDictionary

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let parameters = try Parameters(ResNet(named: "resnet10s").graph(labelCount: 3, head: .fastai))
        parameters.initialise(seed: 3)
        state = parameters.stateDictionary()
        var random = SeededGenerator(seed: 5)
        let pixels = (0..<32 * 32 * 3).map { _ in UInt8(random.integer(below: 256)) }
        try FileBytes.write(Image(width: 32, height: 32, pixels: pixels).pngBytes(), to: folder + "/q.png")
        try FileBytes.write("a\nb\nc\n", to: folder + "/vocab.txt")
        try FileBytes.write(SafeTensors.write(state), to: folder + "/own.safetensors")
    }

    private func predict(_ file: String, _ more: String...) throws -> Program.Result {
        try Program.run(
            ["predict", "--model", "\(folder)/\(file)", "--vocab", folder + "/vocab.txt", "--size", "32", "--csv"]
                + [folder + "/q.png"] + more)
    }

    @Test func everyNamingAndFormatAnswersTheSame() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let expected = try predict("own.safetensors", "--arch", "resnet10s", "--head", "fastai")
        #expect(expected.code == 0 && expected.error.contains("ImageNet's"), "\(expected.error)")
        let indices = [
            "conv1": "0.0", "bn1": "0.1", "layer1": "0.4", "layer2": "0.5", "layer3": "0.6", "layer4": "0.7",
        ]
        let heads = ["bn1": "1.2", "linear1": "1.4", "bn2": "1.6", "linear2": "1.8"]
        let fastai = Dictionary(
            uniqueKeysWithValues: state.map { name, tensor in
                let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
                let inner = parts[1].split(separator: ".").map(String.init)
                let isHead = parts[0] == "head"
                return (
                    isHead ? "\(heads[inner[0]] ?? "").\(inner[1])" : "\(indices[parts[0]] ?? "").\(parts[1])", tensor
                )
            })
        let module = Dictionary(uniqueKeysWithValues: state.map { ("module.\($0.key)", $0.value) })
        let files = [
            ("legacy.pth", LegacyCheckpoint.bytes(state)), ("fastai.pkl", LegacyCheckpoint.bytes(fastai)),
            ("fastai.safetensors", SafeTensors.write(fastai)), ("module.pt", LegacyCheckpoint.bytes(module)),
        ]
        for (name, bytes) in files {
            try FileBytes.write(bytes, to: "\(folder)/\(name)")
            let result = try predict(name)
            #expect(result.code == 0 && result.out == expected.out, "\(name): \(result.error)")
            #expect(result.error.contains(name.hasPrefix("fastai") ? "fastai's names" : "torchvision's names"))
            let inspected = try Program.run(["inspect", "\(folder)/\(name)", "--size", "32"])
            #expect(inspected.code == 0 && inspected.out.contains("head.linear2"), "\(inspected.error)")
        }
        let other = try predict("legacy.pth", "--mean", "0.5,0.5,0.5", "--std", "1,1,1")
        #expect(other.code == 0 && other.out != expected.out && other.error.contains("(--mean and --std)"))
    }

    @Test func whatDoesNotFitIsOneLine() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileBytes.write("a\nb\n", to: folder + "/two.txt")
        try FileBytes.write("cos\nsystem\n(S'id'\ntR.", to: folder + "/evil.pth")
        try FileBytes.write(LegacyCheckpoint.bytes(state.filter { $0.key != "bn1.bias" }), to: folder + "/part.pth")
        let image = folder + "/q.png"
        for (arguments, expected) in [
            (
                ["predict", "--model", folder + "/own.safetensors", "--vocab", folder + "/two.txt", image],
                "tells 3 labels"
            ),
            (["predict", "--model", folder + "/evil.pth", "--vocab", folder + "/two.txt", image], "'os.system'"),
            (["predict", "--model", folder + "/own.safetensors", image], "need --vocab"),
            (["inspect", folder + "/part.pth", "--arch", "resnet10s"], "no 'bn1.bias'"),
            (["inspect", folder + "/own.safetensors", "--arch", "resnet18"], "does not fit resnet18"),
            (["inspect", folder + "/vocab.txt"], "vocab.txt"),
        ] {
            let result = try Program.run(arguments)
            #expect(result.code == 2 && result.error.contains(expected), "\(result.error)")
            #expect(result.error.filter { $0 == "\n" }.count == 1 && result.out.isEmpty)
        }
    }

    @Test func aTrainingStartsFromABodyAndItsNormalisation() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var labels = "fname,labels\n"
        try FileManager.default.createDirectory(atPath: folder + "/images", withIntermediateDirectories: true)
        for index in 0..<10 {
            let pixels = [UInt8](repeating: UInt8(index * 20), count: 32 * 32 * 3)
            try FileBytes.write(
                Image(width: 32, height: 32, pixels: pixels).pngBytes(), to: "\(folder)/images/\(index).png")
            labels += "\(index).png,\(index % 2 == 0 ? "dark" : "light")\n"
        }
        try FileBytes.write(labels, to: folder + "/labels.csv")
        try FileBytes.write(LegacyCheckpoint.bytes(state), to: folder + "/body.pth")
        try FileBytes.write(
            #"{"architecture": "x", "pretrained_cfg": {"mean": [0.5, 0.5, 0.25], "std": [0.5, 0.5, 1], "crop_pct": 0.9}}"#,
            to: folder + "/config.json")
        func train(_ run: String, _ more: String...) throws -> Program.Result {
            try Program.run(
                [
                    "train", "--labels", folder + "/labels.csv", "--images", folder + "/images", "--out",
                    "\(folder)/\(run)", "--arch", "resnet10s", "--size", "32", "--batch-size", "4", "--epochs", "0",
                    "--freeze-epochs", "1", "--freeze-bn", "--pretrained", folder + "/body.pth",
                ] + more)
        }
        func config(_ run: String) throws -> String {
            String(decoding: try FileBytes.read("\(folder)/\(run)/config.json"), as: UTF8.self)
                .filter { !$0.isWhitespace }
        }
        let first = try train("run")
        #expect(first.code == 0 && first.error.contains("tensors of the body matched"), "\(first.error)")
        #expect(
            first.error.contains("its head is left: head.bn1.bias") && first.error.contains("the head starts fresh"))
        #expect(first.error.contains("0.5,0.5,0.25") && first.error.contains("config.json"))
        #expect(try config("run").contains(#""mean":[0.5,0.5,0.25],"#))
        // Frozen with its batch norms, the body is what the file held.
        let (trained, _) = try SafeTensors.read(
            FileBytes.read(folder + "/run/model.safetensors"), named: "run")
        #expect(trained["layer4.0.conv2.weight"] == state["layer4.0.conv2.weight"])
        #expect(trained["head.linear1.weight"] != state["head.linear1.weight"])

        let second = try train("own", "--mean", "0.1,0.2,0.3")
        #expect(second.code == 0 && second.error.contains("(--mean, else "), "\(second.error)")
        #expect(try config("own").contains(#""std":[0.5,0.5,1]"#))
        #expect(try train("bad", "--mean", "123,117,104").code == 64)
        let resumed = try Program.run(["train", "--resume", folder + "/run", "--mean", "0.1,0.2,0.3"])
        #expect(resumed.code == 64 && resumed.error.contains("--mean"))

        try FileBytes.write(#"{"pretrained_cfg": {"mean": [0.5, 0.5], "std": [0, 1, 1]}}"#, to: folder + "/config.json")
        let broken = try train("broken")
        #expect(broken.code == 2 && broken.error.contains("config.json"), "\(broken.error)")
        #expect(!FileManager.default.fileExists(atPath: folder + "/broken"))
    }
}
