import Evaluation
import Foundation
import Testing

@Suite struct InterruptionTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("stopped-\(UUID())").path

    /// Enough images that a report takes seconds.
    private func arguments(_ count: Int, _ out: String) throws -> [String] {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var random = SeededGenerator(seed: 1)
        var (labels, scores) = ("fname,labels\n", "fname,a,b,c,d\n")
        for row in 0..<count {
            labels += "\(row),\(["a", "b;c", "", "d"][random.integer(below: 4)])\n"
            scores += "\(row)" + (0..<4).map { _ in ",\(random.uniform())" }.joined() + "\n"
        }
        try FileBytes.write(labels, to: folder + "/l.csv")
        try FileBytes.write(scores, to: folder + "/p.csv")
        return ["evaluate", "--labels", folder + "/l.csv", "--predictions", folder + "/p.csv", "--out", out]
    }

    /// Wherever the signal comes, counted from the moment that the folder is in the making: the whole report or nothing.
    @Test(arguments: [SIGINT, SIGTERM]) func whatWasBeingMadeIsTakenAway(_ number: Int32) throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let place = folder + "/deep/er"
        let arguments = try arguments(20_000, place + "/out")
        func isInTheMaking() -> Bool {
            ((try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []).contains { $0.hasPrefix(".out.") }
        }
        var stopped = 0
        for delay in [0, 0.01, 0.03, 0.1, 0.2, 0.4, 0.8, 1.6] {
            let code = try Program.run(arguments, signal: number, after: delay, of: isInTheMaking)
            let isThere = FileManager.default.fileExists(atPath: place + "/out")
            #expect(code == 128 + number || code == 0)
            if code != 0, !isThere {
                stopped += 1
                #expect(!FileManager.default.fileExists(atPath: folder + "/deep"), "nor its parents")
            } else {
                #expect(FileManager.default.fileExists(atPath: place + "/out/metrics.json"))
                #expect(try FileManager.default.contentsOfDirectory(atPath: place) == ["out"])
                try FileManager.default.removeItem(atPath: folder + "/deep")
            }
        }
        #expect(stopped > 0, "the first one comes when the folder has just been made")
    }

    /// Whoever starts the program so that Ctrl-C is ignored, as a shell does in the background, wants it to go on.
    @Test func anIgnoredSignalStopsNoTraining() throws {
        let trained = try TrainedRun()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = [
            "-c", "trap '' INT; echo; exec \"$@\" > /dev/null", "sh", try #require(Program.path), "train", "--labels",
            trained.labels,
            "--images", trained.images, "--out", trained.folder + "/again", "--arch", "resnet10s", "--size", "64",
            "--batch-size", "8", "--epochs", "10", "--threads", "1",
        ]
        let ready = Pipe()
        (process.standardOutput, process.standardError) = (ready, FileHandle.nullDevice)
        try process.run()
        // Before its line the shell itself can be stopped.
        #expect(ready.fileHandleForReading.availableData == Data("\n".utf8))
        while process.isRunning {
            kill(process.processIdentifier, SIGINT)
            usleep(20_000)
        }
        process.waitUntilExit()
        #expect(process.terminationReason == .exit && process.terminationStatus == 0)
    }

    /// A file that may not grow any more is an error in one line, as a full disk is.
    @Test func aFullFileIsOneLine() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments =
            ["-c", "ulimit -f 8; exec \"$@\"", "sh", try #require(Program.path)]
            + (try arguments(2000, folder + "/out"))
        let error = Pipe()
        (process.standardOutput, process.standardError) = (FileHandle.nullDevice, error)
        try process.run()
        let text = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationReason == .exit && process.terminationStatus == 2)
        #expect(text.contains("File too large") && text.filter { $0 == "\n" }.count == 1, "\(text)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["l.csv", "p.csv"])
    }
}
