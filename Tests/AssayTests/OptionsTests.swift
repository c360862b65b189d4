import Evaluation
import Foundation
import Testing

@Suite struct OptionsTests {
    /// Help is laid out for 80 columns, and its examples can be copied line by line.
    @Test(arguments: ["evaluate", "predict", "gate", "export", "verify", "inspect", "demo", "lr-find", "thresholds"])
    func helpFitsATerminal(_ command: String) throws {
        let lines = try Program.run([command, "--help"]).out.components(separatedBy: "\n")
        for line in lines where !line.hasPrefix("USAGE:") { #expect(line.count <= 80, "\(line)") }
        let start = try #require(lines.firstIndex { $0.hasPrefix("Example") })
        let examples = lines[(start + 1)...].prefix { !$0.isEmpty }
        #expect(!examples.isEmpty && examples.allSatisfy { $0.hasPrefix("  assay \(command)") }, "\(examples)")
    }

    @Test(arguments: [
        ["--arch", "resnet9"], ["--head", "x"], ["--resize", "stretch"], ["--size", "4"], ["--mean", "1,2"],
        ["--std", "1,1,0"],
    ])
    func wrongValuesAreWrongUsage(_ flags: [String]) throws {
        let result = try Program.run(["predict", "--model", "m.safetensors", "x.jpg"] + flags)
        #expect(result.code == 64 && result.error.contains("got"), "\(result.error)")
    }

    @Test func whatARunHasOfItsOwnIsNotTakenTwice() throws {
        let folder = FileManager.default.temporaryDirectory.path
        let result = try Program.run(["predict", "--model", folder, "x.jpg", "--size", "64"])
        #expect(result.code == 64 && result.error.contains("--size is for bare weights"))
    }

    @Test func inspectTakesItsModelEitherWay() throws {
        #expect(try Program.run(["inspect", "--model", "/nonexistent"]).code == 2)
        #expect(try Program.run(["inspect", "/nonexistent"]).code == 2)
        #expect(try Program.run(["inspect", "/nonexistent", "--model", "/nonexistent"]).code == 64)
    }

    private struct Inspected: Decodable {
        struct Row: Decodable { var inferenceBytes, trainingBytes: Int }
        var parameters: Int
        var memory: [Row]
    }

    /// An average of the weights is kept beside them, and goes into the checkpoint.
    @Test func inspectCountsTheRecipeOfARun() throws {
        let trained = try TrainedRun()
        let averaged = trained.folder + "/averaged"
        let result = try Program.run([
            "train", "--labels", trained.labels, "--images", trained.images, "--out", averaged, "--arch", "resnet10s",
            "--size", "32", "--batch-size", "8", "--epochs", "1", "--ema", "0.9",
        ])
        #expect(result.code == 0, "\(result.error)")
        let (plain, more) = try (inspect(trained.run), inspect(averaged))
        for (a, b) in zip(plain.memory, more.memory) {
            #expect(a.inferenceBytes == b.inferenceBytes)
            #expect(b.trainingBytes - a.trainingBytes >= 4 * plain.parameters)
        }
    }

    private func inspect(_ model: String) throws -> Inspected {
        try JSON.decode(Inspected.self, from: Array(Program.run(["inspect", model, "--json"]).out.utf8))
    }

    /// What a recipe would take is asked before there is a run.
    @Test func inspectCountsWhatIsGiven() throws {
        func training(_ more: String...) throws -> [Int] {
            let arguments = ["inspect", "--arch", "resnet10s", "--labels", "3", "--size", "32", "--json"]
            return try JSON.decode(Inspected.self, from: Array(Program.run(arguments + more).out.utf8))
                .memory.map(\.trainingBytes)
        }
        let plain = try training()
        #expect(try training("--no-keep-best", "--accumulate", "1") == plain)
        for option in [["--ema", "0.9"], ["--accumulate", "2"], ["--keep-best"]] {
            let more = try option.count == 1 ? training(option[0]) : training(option[0], option[1])
            // The weights of a best epoch are there while an epoch lasts, which need not be the peak of small batches.
            #expect(zip(more, plain).allSatisfy { $0 >= $1 } && more != plain, "\(option)")
        }
    }

    /// What would have no effect is wrong usage.
    @Test(arguments: [
        ["inspect", "r", "--training"], ["inspect", "r", "--batch-size", "3"], ["inspect", "r", "--repeats", "3"],
        ["inspect", "r", "--profile", "--ema", "0.9"], ["inspect", "r", "--ema", "2"],
        ["inspect", "r", "--accumulate", "0"],
        ["evaluate", "--labels", "l", "--images", "i", "--model", "m", "--out", "o", "--logits"],
        ["gate", "--goldens", "g", "--model", "m", "--names", "n"],
        ["data", "check", "--labels", "l", "--images", "i", "--out", "o", "--array", "a"],
        ["calibrate", "--scaling", "s", "--predictions", "p", "--out", "o", "--bins", "9"],
        ["calibrate", "--scaling", "s", "--predictions", "p", "--out", "o", "--seed", "9"],
        ["data", "show", "--labels", "l", "--images", "i", "--out", "o.png", "--no-augment", "--hue", "0.1"],
        ["train", "--labels", "l", "--images", "i", "--out", "o", "--epochs", "1000001"],
    ])
    func optionsWithoutEffectAreWrongUsage(_ arguments: [String]) throws {
        let result = try Program.run(arguments)
        let option = arguments.last { $0.hasPrefix("--") } ?? ""
        #expect(result.code == 64 && result.error.contains(option), "\(result.error)")
    }

    @Test(arguments: ["-1", "x", "10001"]) func topLossesAreCounted(_ count: String) throws {
        let result = try Program.run(
            ["evaluate", "--labels", "l", "--predictions", "p", "--out", "o", "--top-losses=\(count)"])
        #expect(result.code == 64)
    }
}
