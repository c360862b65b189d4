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
    @Test(arguments: ["train", "lr-find", "data show"])
    func theFileHoldsEveryOption(_ name: String) throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let command = name.split(separator: " ").map(String.init)
        let help = try Program.run(command + ["--help"]).out
        let listed = help.components(separatedBy: "\n").filter { $0.hasPrefix("  --") }.map { line in
            String(line.dropFirst(4).prefix { $0.isLetter || $0 == "-" })
        }
        let names = Set(listed).subtracting(["config", "version"])
        #expect(names.count > 25, "\(names)")
        let result = try Program.run(command + ["--config", file("nonsense: 1\n")])
        #expect(result.code == 2 && result.error.contains("c.yaml:1: unknown key"))
        for name in names {
            // A list of lists is no value: known names complain of that, unknown ones of the name.
            let result = try Program.run(command + ["--config", file("{\(name): [[]]}\n")])
            #expect(result.code == 2 && !result.error.contains("unknown key"), "\(name): \(result.error)")
        }
    }

    @Test(arguments: [
        ("labels: a\n\nbatch-sizes: 3\n", ":3: unknown key"), ("size: 32\nsize: 64\n", ":2: a key comes twice"),
        ("size: 32\r\nlr: 1\r\nsize: 64\r\n", ":3: a key comes twice"),
        ("a_b: 1\n", ":1: unknown key; expected an option of --help"),
        ("weight-decay: 1\nwegiht: 1\npatient: 1\n", ":2: unknown key"),
        ("patient: 1\n", ":1: unknown key; expected patience; got 'patient'"),
        ("batch-size: 8\nbatch_size: 9\n", "a key comes twice"),
        ("augment: no\nno-augment: true\n", ":2: a key comes twice"),
        ("no-augment: maybe\n", ":1: 'augment' is on or off"), ("no-labels: true\n", "unknown key"),
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
        (
            "labels: l\nimages: i\nout: o\nepochs: many\n",
            ":4: --epochs cannot be read; expected a whole number; got 'many'"
        ),
        (
            "seed: -1\nlabels: l\nimages: i\nout: o\n",
            ":1: --seed cannot be read; expected a whole number of 0 or more; got '-1'"
        ),
        ("\nfreeze_epochs: 2\nschedule: flat\nlabels: l\nimages: i\nout: o\n", ":2: --freeze-epochs means nothing"),
        ("labels: l\nimages: i\nout: o\npos-weight: 2\nloss: focal\n", ":4: --pos-weight means nothing"),
        (
            "augment: false\nlabels: l\nimages: i\nout: o\nmin-scale: 0.5\n",
            ":5: --min-scale means nothing with --no-augment; expected options that go together"
        ),
        (
            "no-augment: true\nlabels: l\nimages: i\nout: o\nmin-scale: 0.5\n",
            ":5: --min-scale means nothing with --no-augment; expected options that go together"
        ),
    ])
    func aWrongValueIsAtItsLine(_ text: String, _ complaint: String) throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let result = try Program.run(["train", "--config", file(text)])
        #expect(result.code == 2 && result.error.contains("c.yaml\(complaint)"), "\(result.error)")
        #expect(result.error.filter { $0 == "\n" }.count == 1)
        let own = try Program.run(["train", "--config", file("labels: l\nsize: 64\n"), "--size", "-1"])
        #expect(own.code == 64 && !own.error.contains("c.yaml"), "\(own.error)")
    }

    /// A recipe of train is read by the commands that look at its images, but for what is not theirs.
    @Test func aRecipeServesOtherCommands() throws {
        let trained = try TrainedRun()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let recipe = """
            labels: "\(trained.labels)"
            images: "\(trained.images)"
            arch: resnet10s
            size: 32
            batch-size: 8
            epochs: 7
            image-memory: 0
            transforms: fastai
            cache: "\(trained.folder)/cache"
            keep-best: true
            out: "\(trained.folder)/planned"
            """
        let config = try file(recipe)
        let sheet = trained.folder + "/sheet.png"
        let shown = try Program.run(["data", "show", "--config", config, "--count", "4", "--out", sheet])
        #expect(shown.code == 0, "\(shown.error)")
        let plain = try Program.run([
            "data", "show", "--labels", trained.labels, "--images", trained.images, "--size", "32", "--transforms",
            "fastai", "--count", "4", "--out", trained.folder + "/plain.png",
        ])
        #expect(plain.code == 0, "\(plain.error)")
        #expect(try FileBytes.read(sheet) == FileBytes.read(trained.folder + "/plain.png"))
        let found = try Program.run(["lr-find", "--config", config, "--steps", "6"])
        #expect(found.code == 0, "\(found.error)")
        let again = try Program.run(["data", "show", "--config", file(recipe + "\nfrob: 1\n"), "--out", sheet])
        #expect(again.code == 2 && again.error.contains("c.yaml:12: unknown key"), "\(again.error)")
        // The recipe's place is the run's: no picture is drawn there. A picture's is theirs.
        let homeless = try Program.run(["data", "show", "--config", file(recipe)])
        #expect(homeless.code == 64 && homeless.error.contains("--out"), "\(homeless.error)")
        #expect(!FileManager.default.fileExists(atPath: trained.folder + "/planned"))
        let own = try file(recipe.replacingOccurrences(of: "/planned", with: "/own.png"))
        for command in [["data", "show"], ["lr-find", "--steps", "6"]] {
            #expect(try Program.run(command + ["--config", own]).code == 0)
            #expect(FileManager.default.fileExists(atPath: trained.folder + "/own.png"))
            try FileManager.default.removeItem(atPath: trained.folder + "/own.png")
        }
    }

    /// What train alone reads is wrong for all who read the recipe; what only does not go together is train's matter.
    @Test(arguments: ["data show", "lr-find"]) func aRecipeThatTrainRefusesIsRefused(_ name: String) throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let command = name.split(separator: " ").map(String.init)
        let own = name == "lr-find" ? "steps: 6" : "count: 4"
        let start = "labels: \(folder)/none.csv\nimages: i\nout: o.png\n\(own)\n"
        for (line, complaint) in [
            ("schedule: onecycle", "c.yaml:5: --schedule: expected auto, fine-tune"),
            ("epochs: many", "c.yaml:5: --epochs cannot be read; expected a whole number"),
            ("image-memory: lots", "c.yaml:5: --image-memory: expected auto"),
            ("schedule: flat\nfreeze-epochs: 2", "none.csv"),
            ("freeze-epochs: 2\noverwrite: true", "none.csv"),
        ] {
            let result = try Program.run(command + ["--config", file(start + line + "\n")])
            #expect(result.code == 2 && result.error.contains(complaint), "\(line): \(result.error)")
        }
    }

    /// As some editors on Windows save it.
    @Test func aByteOrderMarkIsNoPartOfTheFirstKey() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let result = try Program.run(["train", "--config", file("\u{FEFF}labels: l\nsize: 0\n")])
        #expect(result.code == 2 && result.error.contains("c.yaml:2: --size: expected"), "\(result.error)")
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
