import Evaluation
import Foundation
import Raster
import Testing

/// `assay train`, killed and resumed.
@Suite(.serialized) struct TrainTests {
    /// A folder with `images` and `labels.csv`.
    private static func makeData(_ count: Int = 30) throws -> String {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("train-\(UUID())").path
        try FileManager.default.createDirectory(atPath: folder + "/images", withIntermediateDirectories: true)
        var random = SeededGenerator(seed: 5)
        var labels = "fname,labels\n"
        for index in 0..<count {
            let pixels = (0..<40 * 40 * 3).map { _ in UInt8((index % 2) * 100 + random.integer(below: 90)) }
            let image = Image(width: 40, height: 40, pixels: pixels)
            try FileBytes.write(image.pngBytes(), to: "\(folder)/images/\(index).png")
            labels += "\(index).png,\(index % 2 == 0 ? "dark" : "light")\(index % 3 == 0 ? ";third" : "")\n"
        }
        try FileBytes.write(labels, to: folder + "/labels.csv")
        return folder
    }

    private static func arguments(_ folder: String, _ run: String, threads: Int = 2, _ more: String...) -> [String] {
        [
            "train", "--labels", folder + "/labels.csv", "--images", folder + "/images", "--out", folder + "/" + run,
            "--arch", "resnet10s", "--size", "32", "--batch-size", "8", "--schedule", "fine-tune", "--epochs", "4",
            "--threads", "\(threads)",
        ] + more
    }

    private static func checkpoint(_ folder: String, _ run: String) throws -> [UInt8] {
        try FileBytes.read("\(folder)/\(run)/checkpoint.safetensors")
    }

    /// Without a size for presized images there is one of its own.
    @Test func aCacheNeedsNoItemSize() throws {
        let trained = try TrainedRun()
        let (run, cache) = (trained.folder + "/cached", trained.folder + "/cache")
        let result = try Program.run([
            "train", "--labels", trained.labels, "--images", trained.images, "--out", run, "--arch", "resnet10s",
            "--size", "32", "--batch-size", "8", "--epochs", "1", "--cache", cache,
        ])
        #expect(result.code == 0, "\(result.error)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: cache).count == 16)
        let config = String(decoding: try FileBytes.read(run + "/config.json"), as: UTF8.self)
        #expect(config.contains("\"item_size\" : 48"))
        // A run that presizes nothing does not begin to.
        let resumed = try Program.run(["train", "--resume", trained.run, "--epochs", "1", "--cache", cache])
        #expect(resumed.code == 2 && resumed.error.contains("--item-size"), "\(resumed.error)")
    }

    /// What is kept is said, and changes no byte; with little memory less is kept.
    @Test func imageMemoryIsSaidAndChangesNoByte() throws {
        let trained = try TrainedRun()
        func train(_ memory: String) throws -> (said: String, checkpoint: [UInt8]) {
            let run = trained.folder + "/memory \(memory)"
            let result = try Program.run([
                "train", "--labels", trained.labels, "--images", trained.images, "--out", run, "--arch", "resnet10s",
                "--size", "32", "--batch-size", "8", "--epochs", "1", "--image-memory", memory,
            ])
            #expect(result.code == 0, "\(result.error)")
            let again = try Program.run(["train", "--resume", run, "--epochs", "1", "--image-memory", memory])
            #expect(again.code == 0, "\(again.error)")
            return (result.error, try FileBytes.read(run + "/checkpoint.safetensors"))
        }
        let (auto, none, some) = (try train("auto"), try train("0"), try train("0.03MB"))
        #expect(auto.said.contains("all images are kept in memory"))
        #expect(none.said.contains("no images are kept in memory"))
        // Four to validate of 3072 bytes each, and three to train of 4800.
        #expect(some.said.contains("7 of 20 images are kept in memory"), "\(some.said)")
        #expect(auto.checkpoint == none.checkpoint && auto.checkpoint == some.checkpoint)
    }

    @Test func threadsRepetitionKillsAndCtrlCGiveTheSameBytes() throws {
        let folder = try Self.makeData()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for (run, threads) in [("one", 1), ("two", 2), ("again", 2), ("five", 5)] {
            #expect(try Program.run(Self.arguments(folder, run, threads: threads)).code == 0)
        }
        let expected = try Self.checkpoint(folder, "one")
        for run in ["two", "again", "five"] { #expect(try Self.checkpoint(folder, run) == expected, "\(run)") }

        for (run, signal) in [("killed", SIGKILL), ("stopped", SIGINT)] {
            var code = try Program.run(Self.arguments(folder, run), signal: signal, after: 0.15)
            var seconds = 0.1
            while code != 0, seconds < 60 {
                #expect(code == nil || code == 130, "\(run)")
                // Killed before its folder was there, it starts anew.
                let isThere = FileManager.default.fileExists(atPath: "\(folder)/\(run)")
                let next = isThere ? ["train", "--resume", "\(folder)/\(run)"] : Self.arguments(folder, run)
                code = try Program.run(next, signal: signal, after: seconds)
                seconds *= 1.5
            }
            #expect(code == 0)
            #expect(try Self.checkpoint(folder, run) == expected, "\(run)")
            let names = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(run)")
            #expect(!names.contains { $0.hasSuffix(".part") } && names.contains("model.safetensors"))
            let history = try CSV(FileBytes.read("\(folder)/\(run)/history.csv"), named: "h")
            #expect(history.rows.count == 5)
        }
    }

    /// A step that ruins the weights is the epoch's last, so that no later step's loss tells; the run in its place stays.
    @Test(arguments: [["--lr", "1e20"], ["--weight-decay", "1e9"]])
    func weightsThatAreRuinedByTheLastStepAreNotKept(_ flags: [String]) throws {
        let folder = try Self.makeData()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let flags =
            ["--schedule", "flat", "--epochs", "1", "--batch-size", "24"] + (flags[0] == "--lr" ? [] : ["--lr", "1"])
            + flags
        func arguments(_ run: String) -> [String] {
            ["train", "--labels", folder + "/labels.csv", "--images", folder + "/images", "--out", folder + "/" + run]
                + ["--arch", "resnet10s", "--size", "32"]
        }
        #expect(try Program.run(arguments("earlier") + ["--epochs", "1", "--batch-size", "8"]).code == 0)
        let before = try Self.checkpoint(folder, "earlier")
        for run in ["new", "earlier"] {
            let result = try Program.run(arguments(run) + flags + ["--overwrite"])
            #expect(result.code == 2 && result.error.contains("no longer finite"), "\(result.error)")
            #expect(result.error.contains("step 1:"), "\(result.error)")
        }
        #expect(!FileManager.default.fileExists(atPath: folder + "/new"))
        #expect(try Self.checkpoint(folder, "earlier") == before)
    }

    @Test func aSecondSetOfEpochsIsAdded() throws {
        let folder = try Self.makeData()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let run = folder + "/run"
        #expect(try Program.run(Self.arguments(folder, "run")).code == 0)
        let nothing = try Program.run(["train", "--resume", run])
        #expect(nothing.code == 0 && nothing.error.contains("5 epochs are done"))
        let more = try Program.run(["train", "--resume", run, "--epochs", "2", "--lr", "1e-4"])
        #expect(more.code == 0)
        let history = try CSV(FileBytes.read(run + "/history.csv"), named: "h")
        #expect(history.rows.map { $0[0] } == (0..<7).map(String.init))
        let config = String(decoding: try FileBytes.read(run + "/config.json"), as: UTF8.self)
        #expect(config.components(separatedBy: "pct_start").count == 4)

        let rows = (0..<20).map { "\($0).png,\($0 < 9 ? "dark" : "light;third")\n" }
        try FileBytes.write("fname,labels\n" + rows.joined(), to: folder + "/labels.csv")
        let changed = try Program.run(["train", "--resume", run, "--epochs", "1"])
        #expect(changed.code == 2 && changed.error.contains("the data have changed"), "\(changed.error)")
        let moved = try Program.run(["train", "--resume", run, "--labels", folder + "/elsewhere.csv"])
        #expect(moved.code == 2 && moved.error.contains("elsewhere.csv"))
        let other = try Program.run(["train", "--resume", run, "--arch", "resnet18"])
        #expect(other.code == 64 && other.error.contains("--arch"))
    }

    @Test func aFailureLeavesNoFolderAndTheEarlierRunStays() throws {
        let folder = try Self.makeData()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(try Program.run(Self.arguments(folder, "earlier")).code == 0)
        let before = try Self.checkpoint(folder, "earlier")
        try FileBytes.write("no image", to: folder + "/images/7.png")
        let refused = try Program.run(Self.arguments(folder, "earlier"))
        #expect(refused.code == 2 && refused.error.contains("a run of 5 epochs"), "\(refused.error)")
        #expect(refused.error.contains("--overwrite") && refused.error.filter { $0 == "\n" }.count == 1)
        for run in ["new", "earlier"] {
            let result = try Program.run(Self.arguments(folder, run) + ["--overwrite"])
            #expect(result.code == 2 && result.error.contains("7.png"), "\(result.error)")
        }
        #expect(!FileManager.default.fileExists(atPath: folder + "/new"))
        #expect(try Self.checkpoint(folder, "earlier") == before)
        try FileManager.default.copyItem(atPath: folder + "/images/5.png", toPath: folder + "/copy.png")
        try FileBytes.write(FileBytes.read(folder + "/copy.png"), to: folder + "/images/7.png")
        #expect(try Program.run(Self.arguments(folder, "earlier") + ["--overwrite"]).code == 0)
        #expect(try Self.checkpoint(folder, "earlier") != before)
        #expect(try Program.run(["train", "--resume", folder + "/earlier", "--overwrite"]).code == 64)
    }

    /// What a run that was killed in its first moments left beside its place goes as the next one starts; a running
    /// process's, or another run's, stays.
    @Test func aKilledStartLeavesNothing() throws {
        let folder = try Self.makeData()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let gone = Process()
        gone.executableURL = URL(fileURLWithPath: "/bin/true")
        try gone.run()
        gone.waitUntilExit()
        let (stale, mine) = (".run.\(gone.processIdentifier)-7.part", ".run.\(getpid())-7.part")
        let others = [
            mine, ".other.\(gone.processIdentifier)-7.part", ".run.x-7.part", ".run.\(gone.processIdentifier).part",
        ]
        for name in [stale] + others {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
            try FileBytes.write("half", to: "\(folder)/\(name)/config.json")
        }
        #expect(try Program.run(Self.arguments(folder, "run")).code == 0)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
                == (others + ["images", "labels.csv", "run"]).sorted())
    }
}
