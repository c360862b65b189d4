import Foundation
import Testing

/// The built program, run as a person runs it.
@Suite struct CommandTests {
    /// Exit code, stdout, stderr.
    private func assay(_ arguments: String...) throws -> (code: Int32, out: String, error: String) {
        let result = try Program.run(arguments)
        return (result.code, result.out, result.error)
    }

    @Test(arguments: [
        "train", "lr-find", "evaluate", "merge", "predict", "gate", "export", "verify", "thresholds", "demo",
    ])
    func everyCommandExplainsItself(_ command: String) throws {
        let (code, out, _) = try assay(command, "--help")
        #expect(code == 0 && out.contains("Example") && out.contains("USAGE"))
    }

    @Test func dataShowExplainsItself() throws {
        let (code, out, _) = try assay("data", "show", "--help")
        #expect(code == 0 && out.contains("Example") && out.contains("USAGE"))
    }

    @Test(arguments: [
        ["frob"], ["train"], ["train", "--labels", "a", "--images", "b", "--out", "c", "--lr", "nan"],
        ["evaluate", "--labels", "a", "--out", "b"], ["predict", "--model", "m"],
    ])
    func wrongUsageIs64(_ arguments: [String]) throws {
        #expect(try Program.run(arguments).code == 64)
    }

    /// More than a pipe holds on stderr before anything on stdout.
    @Test(.timeLimit(.minutes(1))) func aProgramThatComplainsALotIsReadToItsEnd() throws {
        let script = "head -c 300000 /dev/zero | tr '\\\\0' x >&2; echo done; exit 3"
        let result = try Program.run(["-c", script], program: "/bin/sh")
        #expect(result.code == 3 && result.out == "done\n" && result.error.utf8.count == 300_000)
    }

    @Test func badInputIsOneLineAndExit2() throws {
        let never = FileManager.default.temporaryDirectory.appendingPathComponent("never-\(UUID())").path
        for result in [
            try assay(
                "evaluate", "--labels", "/nonexistent.csv", "--predictions", "/nonexistent.csv", "--out", never),
            try assay("predict", "--model", "/nonexistent", "x.jpg"),
            try assay("gate", "--goldens", "/nonexistent", "--predictions", "/nonexistent"),
            try assay("verify", "/nonexistent"),
            try assay("train", "--labels", "/nonexistent.csv", "--images", "/tmp", "--out", never),
        ] {
            #expect(result.code == 2 && result.out.isEmpty)
            #expect(
                result.error.hasPrefix("error: ") && result.error.filter { $0 == "\n" }.count == 1, "\(result.error)")
        }
        #expect(!FileManager.default.fileExists(atPath: never))
    }

    @Test func theNotebooksPredictionsGiveItsLosses() throws {
        let out = FileManager.default.temporaryDirectory.appendingPathComponent("report-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: out) }
        let goldens = Program.root + "/Goldens/notebook/second-try-top-losses"
        let result = try assay(
            "evaluate", "--labels", goldens + ".labels.csv", "--predictions", goldens + ".predictions.csv", "--out",
            out, "--json")
        #expect(result.code == 0)
        for file in ["index.html", "style.css", "metrics.json", "record.json", "predictions.csv", "top_losses.csv"] {
            #expect(FileManager.default.fileExists(atPath: out + "/" + file), "\(file)")
        }
        let table = try String(contentsOfFile: out + "/top_losses.csv", encoding: .utf8)
        #expect(table.contains("0,rank00,-,Medical,1.0728"))
        #expect(result.out.contains("\"accuracy_multi\""))
    }
}
