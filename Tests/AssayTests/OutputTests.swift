import Foundation
import Testing

/// What `--out` may replace.
@Suite(.serialized) struct OutputTests {
    private let base = FileManager.default.temporaryDirectory.appendingPathComponent("out-\(UUID())").path
    private let notebook = Program.root + "/Goldens/notebook/second-try-top-losses"

    private func put(_ text: String, _ file: String) throws {
        let url = URL(fileURLWithPath: "\(base)/\(file)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    private func evaluate(_ out: String, predictions: String? = nil) throws -> Program.Result {
        try Program.run([
            "evaluate", "--labels", notebook + ".labels.csv", "--predictions",
            predictions ?? notebook + ".predictions.csv", "--out", out,
        ])
    }

    @Test func foldersOfOthersSurviveEveryCommand() throws {
        defer { try? FileManager.default.removeItem(atPath: base) }
        let look = ["config.json", "index.html", "record.json", "verdict.json", "planted.csv", "assay.json"]
        for file in look { try put("{}", "mine/\(file)") }
        try put("dear diary", "mine/diary.txt")
        let out = base + "/mine"
        for arguments in [
            ["evaluate", "--labels", notebook + ".labels.csv", "--predictions", notebook + ".predictions.csv"],
            ["gate", "--goldens", Program.root + "/Goldens/masks", "--predictions", notebook + ".predictions.csv"],
            ["export", "--goldens", Program.root + "/Goldens/masks", "--model", base + "/none"],
            ["train", "--labels", notebook + ".labels.csv", "--images", Program.root + "/Goldens/masks/images"],
            ["demo", "--epochs", "0"],
        ] {
            let result = try Program.run(arguments + ["--out", out])
            #expect(result.code == 2, "\(arguments[0])")
            #expect(result.error.contains("place is taken") && result.error.filter { $0 == "\n" }.count == 1)
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: out).sorted() == (look + ["diary.txt"]).sorted())
        }
    }

    @Test func anEarlierReportIsReplacedUnlessItHoldsMoreOrIsRead() throws {
        defer { try? FileManager.default.removeItem(atPath: base) }
        let out = base + "/report"
        #expect(try evaluate(out).code == 0)
        #expect(try evaluate(out).code == 0)
        let read = try evaluate(out, predictions: out + "/predictions.csv")
        #expect(read.code == 2 && read.error.contains("input"))
        try put("dear diary", "report/img/diary.txt")
        let result = try evaluate(out)
        #expect(result.code == 2 && result.error.contains("diary.txt"))
        #expect(FileManager.default.fileExists(atPath: out + "/img/diary.txt"))
        #expect(try evaluate(Program.root + "/Goldens").code == 2)
    }
}
