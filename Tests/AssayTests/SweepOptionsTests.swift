import Evaluation
import Foundation
import Testing

@Suite struct SweepOptionsTests {
    @Test func aSweepIsMeasuredDrawnAndTheSameTwice() throws {
        let run = try TrainedRun()
        func evaluate(_ out: String, _ more: [String]) throws -> Program.Result {
            try Program.run(
                ["evaluate", "--labels", run.labels, "--images", run.images, "--model", run.run, "--out"]
                    + ["\(run.folder)/\(out)", "--resamples", "50", "--top-losses", "0"] + more)
        }
        let sweeps = ["--sweep", "size=48,32", "--sweep", "noise=60", "--sweep", "jpeg=5", "--slices"]
        let first = try evaluate("first", sweeps)
        try #require(first.code == 0, "\(first.error)")
        for value in ["size 48: ", "noise 60: ", "jpeg 5: "] {
            #expect(first.error.contains("\(value)accuracy_multi "), "\(first.error)")
        }
        #expect(try evaluate("second", sweeps).code == 0)
        for file in ["sweep.json", "sweep.csv", "sweep.html", "img/sweep-noise.png"] {
            let bytes = try FileBytes.read("\(run.folder)/first/\(file)")
            #expect(try bytes == FileBytes.read("\(run.folder)/second/\(file)"), "\(file)")
        }
        let table = try JSON.decode(SweepTable.self, from: FileBytes.read(run.folder + "/first/sweep.json"))
        #expect(table.rows.map(\.factor) == ["size", "size", "noise", "noise", "jpeg", "jpeg"])
        #expect(table.rows.map(\.value) == [32, 48, 0, 60, 5, nil])
        #expect(table.rows.map(\.isUnchanged) == [true, false, true, false, false, true])
        let page = String(decoding: try FileBytes.read(run.folder + "/first/index.html"), as: UTF8.self)
        #expect(page.contains("href=\"sweep.html\"") && page.contains("href=\"slices.html\""))
        for other in ["sweep.html", "slices.html"] {
            let text = String(decoding: try FileBytes.read(run.folder + "/first/" + other), as: UTF8.self)
            #expect(text.contains("href=\"index.html\""), "\(other)")
        }
        for wrong in [["--sweep", "size=big"], ["--sweep", "fog=1"], ["--sweep", "blur=1", "--sweep", "blur=2"]] {
            let result = try evaluate("third", wrong)
            #expect(result.code == 64 && result.error.contains("--sweep"), "\(result.error)")
        }
        let predicted = try Program.run([
            "evaluate", "--labels", run.labels, "--predictions", run.labels, "--out", run.folder + "/x", "--sweep",
            "blur=1",
        ])
        #expect(predicted.code == 64 && predicted.error.contains("--sweep needs --model"))
    }
}
