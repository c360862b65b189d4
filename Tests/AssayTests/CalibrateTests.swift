import Evaluation
import Foundation
import Testing

@Suite struct CalibrateTests {
    @Test func reportsSayHowFarProbabilitiesHoldAndPredictionsAreScaled() throws {
        let base = FileManager.default.temporaryDirectory.appendingPathComponent("calibrate-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: base) }
        let goldens = Program.root + "/Goldens/notebook/second-try-top-losses"
        let (labels, predictions) = (goldens + ".labels.csv", goldens + ".predictions.csv")
        let evaluate = [
            "evaluate", "--labels", labels, "--predictions", predictions, "--out", base + "/report", "--resamples",
            "50",
        ]
        let first = try Program.run(evaluate + ["--exclusive", "No_mask!,-", "--json"])
        try #require(first.code == 0, "\(first.error)")
        for field in ["\"calibration\"", "\"risk_coverage\"", "\"contradiction_count\""] {
            #expect(first.out.contains(field), "\(field)")
        }
        let page = try String(contentsOfFile: base + "/report/index.html", encoding: .utf8)
        for file in [
            "calibration.json", "reliability.csv", "risk_coverage.csv", "contradictions.csv", "cooccurrence.csv",
        ] {
            #expect(FileManager.default.fileExists(atPath: base + "/report/" + file), "\(file)")
            #expect(page.contains("href=\"\(file)\""), "\(file)")
        }
        let contradictions = try FileBytes.read(base + "/report/contradictions.csv")
        let twice = try Program.run(evaluate + ["--exclusive", "No_mask!", "--exclusive", "-"])
        #expect(twice.code == 0, "\(twice.error)")
        #expect(try FileBytes.read(base + "/report/contradictions.csv") == contradictions)
        let unknown = try Program.run(evaluate + ["--exclusive", "nobody"])
        #expect(unknown.code == 2 && unknown.error.contains("nobody"))

        let made = ["calibrate", "--record", base + "/report", "--out", base + "/c.json"]
        let told = try Program.run(made)
        #expect(told.code == 0 && told.out.contains("judged on the other"), "\(told.error)")
        #expect(try Program.run(made).code == 0, "an earlier one is replaced")
        #expect(try FileBytes.read(base + "/c.json") == FileBytes.read(base + "/report/calibration.json"))
        for method in ["temperature", "isotonic"] {
            let out = base + "/\(method).csv"
            let apply = [
                "calibrate", "--scaling", base + "/c.json", "--predictions", predictions, "--out", out, "--method",
                method,
            ]
            let applied = try Program.run(apply)
            #expect(applied.code == 0, "\(applied.error)")
            #expect(try Program.run(apply).code == 2, "predictions are not replaced")
            let (before, after) = (try Predictions.read(predictions), try Predictions.read(out))
            #expect(before.names == after.names && before.labels == after.labels && before.values != after.values)
        }
        try FileBytes.write("fname,labels\na,x\n", to: base + "/l.csv")
        try FileBytes.write("fname,x\na,0.8\n", to: base + "/p.csv")
        let small = try Program.run([
            "evaluate", "--labels", base + "/l.csv", "--predictions", base + "/p.csv", "--out", base + "/one",
        ])
        #expect(small.code == 0 && small.out.contains("0.0250…1.0000 exact"), "\(small.out)")
        #expect(small.out.contains("(no interval: 1 image is too few for the bootstrap)"), "\(small.out)")
        let refused = try Program.run(["calibrate", "--record", base + "/one", "--out", base + "/one.json"])
        #expect(refused.code == 2 && refused.error.contains("got 1 image"), "\(refused.error)")
        #expect(!FileManager.default.fileExists(atPath: base + "/one.json"))
        #expect(try Program.run(["calibrate", "--record", base, "--scaling", base]).code == 64)
        #expect(try Program.run(["calibrate", "--record", base, "--method", "luck"]).code == 64)
        #expect(try Program.run(["calibrate", "--record", base + "/none"]).code == 2)
    }
}
