import Evaluation
import Foundation
import Testing

/// Thresholds chosen, kept in files and in runs, and used.
@Suite(.serialized) struct ThresholdsTests {
    private func text(_ value: Double, in run: TrainedRun) throws -> String {
        let path = run.folder + "/thresholds.json"
        try FileBytes.write("{\"version\": 1, \"thresholds\": {\"dark\": \(value), \"light\": \(value)}}", to: path)
        return path
    }

    @Test func filesDecideWhatIsPredictedGatedAndExported() throws {
        let run = try TrainedRun()
        let (all, none) = (try text(0, in: run), run.folder + "/none.json")
        let predicted = try Program.run(run.arguments("predict", model: run.run) + ["--thresholds", all])
        #expect(predicted.code == 0 && predicted.out.contains("dark") && predicted.out.contains("light"))
        let exported = try Program.run([
            "export", "--model", run.run, "--goldens", run.goldens, "--out", run.bundle, "--thresholds", all,
        ])
        #expect(exported.code == 0, "\(exported.error)")
        // The bundle answers with them, is what was judged, and is another model than the run.
        let bundled = try Program.run(run.arguments("predict", model: run.bundle))
        #expect(bundled.out == predicted.out && bundled.code == 0)
        #expect(try Program.run(["verify", run.bundle]).code == 0)
        try FileBytes.write("{\"version\": 1, \"thresholds\": {\"dark\": 1}}", to: none)
        for command in ["predict", "evaluate", "gate", "export"] {
            let result = try Program.run(run.arguments(command, model: run.run) + ["--thresholds", none])
            #expect(result.code == 2 && result.error.contains("light"), "\(command) \(result.error)")
        }
        let both = run.arguments("predict", model: run.run) + ["--thresholds", all, "--threshold", "0.5"]
        #expect(try Program.run(both).code == 64)
    }

    @Test func aRunKeepsWhatIsSavedInIt() throws {
        let run = try TrainedRun()
        let saved = try Program.run(["thresholds", "--record", run.run, "--save", run.run])
        #expect(saved.code == 0 && saved.out.contains("unseen"), "\(saved.error)")
        let config = try String(contentsOfFile: run.run + "/config.json", encoding: .utf8)
        #expect(config.contains("\"thresholds\"") && !config.contains("0.5,\n    0.5"))
        // It is whole: it can be read, saved in again, and replaced by another training.
        #expect(try Program.run(["thresholds", "--record", run.run, "--save", run.run]).code == 0)
        let noted = try Program.run(run.arguments("evaluate", model: run.run) + ["--threshold", "0.25"])
        #expect(
            noted.code == 0 && noted.error.contains("the figures are at threshold 0.25")
                || noted.error.contains("other thresholds"))
        #expect(try Program.run(run.arguments("evaluate", model: run.run)).error.contains("will not do") == false)
        try run.write(Array("x".utf8), to: "run/config.json")
        let changed = try Program.run(["thresholds", "--record", run.run, "--save", run.run])
        #expect(changed.code == 2 && changed.error.filter { $0 == "\n" }.count == 1)
    }

    @Test func reportsHoldThresholdsAndIntervals() throws {
        let base = FileManager.default.temporaryDirectory.appendingPathComponent("thresholds-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: base) }
        let goldens = Program.root + "/Goldens/notebook/second-try-top-losses"
        let evaluate = [
            "evaluate", "--labels", goldens + ".labels.csv", "--predictions", goldens + ".predictions.csv", "--out",
            base + "/report",
        ]
        #expect(try Program.run(evaluate + ["--optimise", "recall=0.9", "--json"]).out.contains("\"intervals\""))
        let page = try String(contentsOfFile: base + "/report/index.html", encoding: .utf8)
        #expect(page.contains("recall=0.9") && page.contains("unseen images"))
        #expect(page.contains("is reached for") && page.contains("reached, unseen images"))
        let goal = try Program.run(["thresholds", "--record", base + "/report", "--optimise", "precision=0.999"])
        #expect(goal.out.contains("precision=0.999 is reached for") && goal.out.contains("reached: in use"))
        for file in ["thresholds.json", "intervals.json", "curves.json"] {
            #expect(FileManager.default.fileExists(atPath: base + "/report/" + file), "\(file)")
        }
        let command = ["thresholds", "--record", base + "/report", "--out", base + "/t.json"]
        #expect(try Program.run(command).code == 0)
        #expect(try Program.run(command).code == 0, "an earlier one is replaced")
        let used = try Program.run(Array(evaluate.dropLast()) + [base + "/second", "--thresholds", base + "/t.json"])
        #expect(used.code == 0, "\(used.error)")
        try FileBytes.write("dear diary", to: base + "/t.json")
        #expect(try Program.run(command).code == 2)
        #expect(try Program.run(evaluate + ["--optimise", "luck"]).code == 64)
        #expect(try Program.run(evaluate + ["--folds", "1"]).code == 64)
    }
}
