import Evaluation
import Foundation
import Testing

/// Tables that do not fit or say nothing, through `evaluate`: a sentence or a null, never a crash or a made-up figure.
@Suite struct BadPredictionsTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tables-\(UUID())").path

    private func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try FileBytes.write(bytes, to: "\(folder)/\(name)")
        return "\(folder)/\(name)"
    }

    private func run(_ labels: String, _ predictions: String, _ more: [String] = []) throws -> Program.Result {
        let labels = try write("labels.csv", Array("fname,labels\n\(labels)".utf8))
        let scores = try write("p.csv", Array(predictions.utf8))
        return try Program.run(
            ["evaluate", "--labels", labels, "--predictions", scores, "--out", folder + "/out", "--json"] + more)
    }

    private func figures(_ result: Program.Result) throws -> [String: Any] {
        #expect(result.code == 0, "\(result.error)")
        return try #require(try JSONSerialization.jsonObject(with: Data(result.out.utf8)) as? [String: Any])
    }

    private func isNull(_ figures: [String: Any], _ names: String...) {
        for name in names { #expect(figures[name] is NSNull, "\(name): \(figures[name] ?? "missing")") }
    }

    @Test(arguments: [
        ("a,x\nb,z\n", "fname,x,y\na,0,1\nb,0,1\n", "1 without predictions: 'z'"),
        ("a,x\nb,z;w\n", "fname,x\na,0\nb,0\n", "2 without predictions: 'w', 'z'"),
        ("a,x\nb,y\na,y\n", "fname,x,y\na,0,1\nb,0,1\n", "labels.csv:4"),
        ("a,x\nb,y\n", "fname,x,x\na,0,1\nb,0,1\n", "p.csv:1: a column appears twice"),
        ("a,x\nb,y\n", "fname,x,fname\na,0,1\nb,0,1\n", "p.csv:1: a column appears twice"),
        ("a,x\nb,y\n", "fname,x,y\na,0,1\na,0,1\n", "p.csv:3: image name appears twice"),
        ("a,x\nb,y\n", "fname,x,y\na,0,1\nb,nan,1\n", "p.csv:3, column 'x'"),
        ("a,x\nb,y\n", "fname,x,y\na,0,1.0000001\nb,0,1\n", "p.csv:2, column 'y'"),
        ("a,x\nb,y\n", "fname,x,y\na,-1e-9,1\nb,0,1\n", "p.csv:2, column 'x'"),
        ("a,x\nb,y\n", "fname,x,y\na,0,\nb,0,1\n", "p.csv:2, column 'y'"),
        ("a,x\nb,y\n", "fname,label,score\na,x,0\na,y,0\nb,x,0\nb,y,inf\n", "p.csv:5, column 'score'"),
        ("a,x\nb,y\n", "fname,label,score\na,x,0\na,y,0\nb,x,0\na,x,0\n", "p.csv:5: a prediction appears twice"),
        ("a,x\nb,y\n", "fname,x,y\na,0,1\nb,0\n", "p.csv:3: a row has the wrong number of columns"),
        ("a,x\nb,y\n", "fname\na\nb\n", "no labels"), ("a,x\n", "", "p.csv: the table is empty"),
        ("a,x\nb,y\n", "fname,x,y,\na,0,1,0\nb,0,1,0\n", "p.csv:1, column 4: a label has no name"),
        ("a,x\nb,y\n", ",fname,x,y\n0,a,0,1\n1,b,0,1\n", "p.csv:1, column 1: a label has no name"),
        ("a,x\n", "fname,label,score\na,x,0\na,,0\n", "p.csv, column 'label': a label has no name"),
        ("a,x\n", "fname;x\na;0\n", "columns are separated by commas, not by ';'"),
        ("a,x\nb,\n", "fname,x\na, \nb,0\n", "p.csv:2, column 'x'"),
        ("a,x\nb,\n", "fname,x\na,0 5\nb,0\n", "p.csv:2, column 'x'"),
        ("a,x\n", "fname,x\n", "no rows"), ("", "fname,x\na,0\n", "labels.csv: the table has no rows"),
    ])
    func tablesThatDoNotFitAreOneSentence(_ labels: String, _ predictions: String, _ words: String) throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let result = try run(labels, predictions)
        #expect(result.code == 2 && result.out.isEmpty)
        #expect(result.error.contains(words) && result.error.filter { $0 == "\n" }.count == 1, "\(result.error)")
        #expect(!FileManager.default.fileExists(atPath: folder + "/out"))
    }

    @Test(
        arguments: [(Double.nan, []), (1.5, []), (-0.1, []), (Double.infinity, ["--logits"])] as [(Double, [String])])
    func anArraysValueIsNamedWithRowAndColumn(_ value: Double, _ more: [String]) throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for kind in ["<f4", "<f8"] {
            let header = Array("{'descr': '\(kind)', 'fortran_order': False, 'shape': (2, 2), }\n".utf8)
            let data = [0, 0, value, 0].flatMap { value -> [UInt8] in
                let bits = kind == "<f4" ? UInt64(Float(value).bitPattern) : value.bitPattern
                return (0..<(kind == "<f4" ? 4 : 8)).map { UInt8(truncatingIfNeeded: bits >> UInt64(8 * $0)) }
            }
            let result = try Program.run(
                [
                    "evaluate", "--labels", try write("l.csv", Array("fname,labels\na,x\nb,\n".utf8)), "--predictions",
                    try write("p.npy", [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.count), 0] + header + data),
                    "--names", try write("n", Array("a\nb\n".utf8)), "--vocab", try write("v", Array("x\ny\n".utf8)),
                    "--out", folder + "/out",
                ] + more)
            #expect(result.code == 2 && result.error.contains("row 2 'b', column 1 'x'"), "\(result.error)")
        }
    }

    @Test func blanksAroundNumbersAreNoPartOfThem() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let all = try figures(
            run(
                "a,x\nb,\n", "fname,x,y\na, 0.75,\t1e-2 \nb,0.25  ,  0\n",
                ["--vocab", write("v", Array("x\ny\n".utf8))]))
        #expect(all["accuracy_multi"] as? Double == 1)
        #expect(try #require(all["loss"] as? Double) > 0)
    }

    /// As Notepad and Excel write text.
    @Test func aByteOrderMarkIsNoPartOfAName() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let header = Array("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }\n".utf8)
        let result = try Program.run([
            "evaluate", "--labels", try write("l.csv", mark + Array("fname,labels\na,x\nb,\n".utf8)), "--predictions",
            try write(
                "p.npy",
                [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.count), 0] + header + [UInt8](repeating: 0, count: 8)
            ),
            "--names", try write("n", mark + Array("a\nb\n".utf8)), "--vocab", try write("v", mark + Array("x\n".utf8)),
            "--out", folder + "/out", "--json",
        ])
        #expect(try figures(result)["labels"] as? [String] == ["x"])
        #expect(result.error.isEmpty, "\(result.error)")
    }

    @Test func withoutPositivesNothingIsMadeUp() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let vocab = try write("vocab.txt", Array("x\ny\n".utf8))
        let told = try run("a,\nb,\n", "fname,x,y\na,0.1,0.2\nb,0.3,0.4\n", ["--vocab", vocab])
        #expect(told.error.contains("no image carries 'x', 'y'"))
        let shown = try Program.run([
            "evaluate", "--labels", folder + "/labels.csv", "--predictions", folder + "/p.csv", "--vocab", vocab,
            "--out", folder + "/shown",
        ])
        #expect(shown.out.contains("mean avg. prec.  undefined  (chance"), "no reason twice: \(shown.out)")
        let all = try figures(told)
        isNull(
            all, "mean_average_precision", "macro_roc_auc", "matthews", "balanced_accuracy", "coverage_error",
            "label_ranking_average_precision", "ranking_loss")
        isNull(try #require(all["micro"] as? [String: Any]), "precision", "recall", "f1", "jaccard")
        isNull(try #require(all["samples"] as? [String: Any]), "precision", "recall", "f1", "jaccard")
        for label in try #require(all["per_label"] as? [[String: Any]]) {
            isNull(label, "precision", "recall", "f1", "average_precision", "roc_auc", "matthews", "best_threshold")
            #expect(label["support"] as? Int == 0 && label["tn"] as? Int == 2)
        }
        #expect(all["accuracy_multi"] as? Double == 1 && all["no_prediction_count"] as? Int == 2)
    }

    /// Few labelled images lack some of a model's labels; that is said, and no figure of theirs is made up.
    @Test(
        arguments: [
            (
                "a,x\nb,x\n", "fname,x,y,Y\na,0,1,1\nb,0,1,1\n",
                "2 predicted labels that the labels file lacks: 'y', 'Y'"
            ),
            (
                "a,x\nb,x\n", "fname,label,score\na,x,0\na,y,0\nb,x,0\nb,y,0\n",
                "1 predicted label that the labels file lacks: 'y'"
            ),
            ("a,\nb,\n", "fname,x\na,0\nb,0\n", "1 predicted label that the labels file lacks: 'x'"),
        ])
    func aLabelThatTheTruthLacksIsNamed(_ labels: String, _ predictions: String, _ words: String) throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let result = try run(labels, predictions)
        let all = try figures(result)
        #expect(result.error.contains(words) && result.error.contains("--allow-extra"), "\(result.error)")
        let last = try #require((all["per_label"] as? [[String: Any]])?.last)
        isNull(last, "recall", "average_precision", "roc_auc")
        #expect(last["support"] as? Int == 0)
    }

    @Test func aLabelThatTheTruthLacksIsLeftOutWhereThatIsAllowed() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let result = try run("a,x\nb,\n", "fname,y,x\na,0.9,0.8\nb,0.9,0.1\n", ["--allow-extra"])
        let all = try figures(result)
        #expect(result.error.contains("1 predicted label that the labels file lacks: 'y'"), "\(result.error)")
        #expect(all["labels"] as? [String] == ["x"] && all["accuracy_multi"] as? Double == 1)
        let left = try #require(all["left_out"] as? [String: Any])
        #expect(left["extra_labels"] as? Int == 1 && left["extra_label_names"] as? [String] == ["y"])
        let page = try String(contentsOfFile: folder + "/out/index.html", encoding: .utf8)
        #expect(page.contains("1 predicted label that the labels file lacks"))
    }

    @Test func oneImageOfOneLabelHasNoRanking() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for report in [[], ["--no-report"]] {
            try? FileManager.default.removeItem(atPath: folder + "/out")
            let all = try figures(run("a,x\n", "fname,x\na,0.9\n", report))
            isNull(all, "macro_roc_auc", "matthews", "balanced_accuracy", "ranking_loss")
            #expect(all["mean_average_precision"] as? Double == 1 && all["exact_match"] as? Double == 1)
            // Only the page is left out.
            for file in ["thresholds.json", "intervals.json", "calibration.json", "curves.json", "risk_coverage.csv"] {
                #expect(FileManager.default.fileExists(atPath: folder + "/out/" + file), "\(file)")
            }
            let page = FileManager.default.fileExists(atPath: folder + "/out/index.html")
            #expect(page == report.isEmpty)
        }
    }
}
