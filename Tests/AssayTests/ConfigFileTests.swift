import Evaluation
import Foundation
import Testing

/// `--config`.
@Suite struct ConfigFileTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("config-\(UUID())").path

    private func file(_ text: String) throws -> String {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try FileBytes.write(text, to: folder + "/c.yaml")
        return folder + "/c.yaml"
    }

    /// Every option that the help names can stand in the file, and no other.
    @Test(arguments: ["train", "lr-find"])
    func theFileHoldsEveryOption(_ command: String) throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let help = try Program.run([command, "--help"]).out
        let listed = help.components(separatedBy: "\n").filter { $0.hasPrefix("  --") }.map { line in
            String(line.dropFirst(4).prefix { $0.isLetter || $0 == "-" })
        }
        let names = Set(listed).subtracting(["config", "version"])
        #expect(names.count > 25, "\(names)")
        let result = try Program.run([command, "--config", file("nonsense: 1\n")])
        #expect(result.code == 2 && result.error.contains("c.yaml:1: unknown key"))
        for name in names {
            // A list of lists is no value: known names complain of that, unknown ones of the name.
            let result = try Program.run([command, "--config", file("{\(name): [[]]}\n")])
            #expect(result.code == 2 && !result.error.contains("unknown key"), "\(name): \(result.error)")
        }
    }

    @Test(arguments: [
        ("labels: a\n\nbatch-sizes: 3\n", ":3: unknown key"), ("size: 32\nsize: 64\n", ":2: a key comes twice"),
        ("a_b: 1\n", ":1: unknown key"),
        ("batch-size: 8\nbatch_size: 9\n", "a key comes twice"),
        ("augment: maybe\n", ":1: 'augment' is on or off"), ("lr:\n", "no value"), ("- 3\n", "is no configuration"),
        ("lr: {a: b}\n", "no value"), ("a: [\n", "is not YAML"),
    ])
    func whatIsWrongIsNamed(_ text: String, _ complaint: String) throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let result = try Program.run(["train", "--config", file(text)])
        #expect(result.code == 2 && result.error.contains(complaint), "\(result.error)")
        #expect(result.error.filter { $0 == "\n" }.count == 1)
    }

    /// A value that an option does not take is at its line; of the command line's own, the line does not matter.
    @Test(arguments: [
        ("labels: l\nimages: i\nout: o\nsize: 0\n", ":4: --size: expected 8 to 4096 pixels, got 0"),
        ("labels: l\nimages: i\nout: o\nepochs: many\n", ":4: The value 'many' is invalid for '--epochs"),
        ("\nfreeze_epochs: 2\nschedule: flat\nlabels: l\nimages: i\nout: o\n", ":2: --freeze-epochs means nothing"),
        ("labels: l\nimages: i\nout: o\npos-weight: 2\nloss: focal\n", ":4: --pos-weight means nothing"),
        ("augment: false\nlabels: l\nimages: i\nout: o\nmin-scale: 0.5\n", ":5: --min-scale means nothing"),
    ])
    func aWrongValueIsAtItsLine(_ text: String, _ complaint: String) throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let result = try Program.run(["train", "--config", file(text)])
        #expect(result.code == 2 && result.error.contains("c.yaml\(complaint)"), "\(result.error)")
        #expect(result.error.filter { $0 == "\n" }.count == 1)
        let own = try Program.run(["train", "--config", file("labels: l\nsize: 64\n"), "--size", "-1"])
        #expect(own.code == 64 && !own.error.contains("c.yaml"), "\(own.error)")
    }

    @Test func theCommandLineWins() throws {
        let trained = try TrainedRun()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let config = try file(
            """
            # a recipe
            labels: "\(trained.labels)"
            images: "\(trained.images)"
            arch: resnet10s
            size: 32
            batch_size: 8
            epochs: 1
            lr: [1e-4]
            mixup: 0.4
            mean: [0.5, 0.5, 0.5]
            keep-best: true
            augment: false
            json: false
            """)
        let run = folder + "/run"
        let result = try Program.run([
            "train", "--config=" + config, "--out", run, "--lr", "2e-3", "--no-keep-best", "--mixup=0.2",
        ])
        #expect(result.code == 0, "\(result.error)")
        let text = String(decoding: try FileBytes.read(run + "/config.json"), as: UTF8.self)
        for part in [
            "\"keeps_best\" : false", "\"mixup\" : 0.2", "\"augments\" : false", "\"batch_size\" : 8", "0.002", "0.5,",
        ] { #expect(text.contains(part), "\(part) in \(text)") }
        #expect(!text.contains("0.0001,"))
    }
}
