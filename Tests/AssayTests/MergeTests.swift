import Evaluation
import Foundation
import Testing

/// Parts of an evaluation, merged, against one run of it: byte for byte.
@Suite struct MergeTests {
    private let trained: TrainedRun
    private var folder: String { trained.folder }

    init() throws { trained = try TrainedRun() }

    private func succeeds(_ arguments: [String]) throws {
        let result = try Program.run(arguments)
        #expect(result.code == 0, "\(arguments): \(result.error)")
    }

    private func refused(_ arguments: [String], code: Int32 = 2, _ words: String...) throws {
        let result = try Program.run(arguments)
        #expect(result.code == code, "\(result.error)")
        if code == 2 { #expect(result.error.filter { $0 == "\n" }.count == 1, "\(result.error)") }
        for word in words { #expect(result.error.contains(word), "\(word): \(result.error)") }
        #expect(!FileManager.default.fileExists(atPath: folder + "/refused"))
    }

    /// Runs whole, and in so many parts that are merged in reverse; expects the same folders.
    private func expectSame(_ evaluate: [String], parts: Int, report: [String], name: String) throws {
        try succeeds(["evaluate"] + evaluate + report + ["--out", "\(folder)/whole-\(name)", "--threads", "2"])
        let places = (1...parts).map { "\(folder)/part-\(name)-\($0)" }
        for (index, place) in places.enumerated() {
            try succeeds(
                ["evaluate"] + evaluate + ["--shard", "\(index + 1)/\(parts)", "--out", place, "--threads", "1"])
        }
        let images = evaluate.contains("--images") ? ["--images", trained.images] : []
        try succeeds(["merge"] + places.reversed() + images + report + ["--out", "\(folder)/merged-\(name)"])
        let files = try FileTree.entries(under: "\(folder)/whole-\(name)").map(\.path)
        #expect(files.contains("record.json") && files.contains("metrics.json"))
        #expect(try FileTree.entries(under: "\(folder)/merged-\(name)").map(\.path) == files)
        for file in files {
            #expect(
                try FileBytes.read("\(folder)/whole-\(name)/\(file)")
                    == FileBytes.read("\(folder)/merged-\(name)/\(file)"), "\(file)")
        }
    }

    @Test func partsOfAModelsScoresAreTheWhole() throws {
        let evaluate = ["--labels", trained.labels, "--images", trained.images, "--model", trained.run]
        // 20 images: parts and batches of other sizes than the whole's.
        try expectSame(
            evaluate + ["--batch-size", "8"], parts: 3, report: ["--single-file", "--optimise", "f2"], name: "model")
        try expectSame(evaluate + ["--tta", "2"], parts: 2, report: ["--no-report"], name: "views")
    }

    @Test func partsOfPredictionsAreTheWhole() throws {
        var random = SeededGenerator(seed: 4)
        var (labels, scores) = ("fname,labels,kind\n", "fname,b,a\n")
        for row in 0..<57 {
            labels += "\"\(row), \"\"q\"\"\",\(["", "a", "b", "a;b"][row % 4]),\(row % 3)\n"
            scores += "\"\(row), \"\"q\"\"\",\(random.uniform()),\(random.uniform())\n"
        }
        try trained.write(Array(labels.utf8), to: "l.csv")
        try trained.write(Array((scores + "extra,0,1\n").utf8), to: "p.csv")
        let evaluate = [
            "--labels", folder + "/l.csv", "--predictions", folder + "/p.csv", "--allow-extra", "--threshold", "0.3",
        ]
        try expectSame(evaluate, parts: 4, report: [], name: "csv")
        try succeeds(["evaluate"] + evaluate + ["--slice-column", "kind", "--out", folder + "/sliced"])
        try succeeds(
            ["merge"] + (1...4).map { "\(folder)/part-csv-\($0)" } + [
                "--labels", folder + "/l.csv", "--slice-column", "kind", "--out", folder + "/merged",
            ])
        #expect(try FileBytes.read(folder + "/sliced/slices.json") == FileBytes.read(folder + "/merged/slices.json"))
    }

    @Test func whatDoesNotBelongTogetherIsRefused() throws {
        try trained.write(Array("fname,labels\na,x\nb,\nc,x\n".utf8), to: "l.csv")
        try trained.write(Array("fname,x\na,0.1\nb,0.2\nc,0.3\n".utf8), to: "p.csv")
        try trained.write(Array("fname,x\na,0.1\nb,0.2\nc,0.4\n".utf8), to: "q.csv")
        func part(_ shard: String, _ more: String..., predictions: String = "p.csv", out: String) throws -> String {
            try succeeds(
                [
                    "evaluate", "--labels", folder + "/l.csv", "--predictions", "\(folder)/\(predictions)", "--shard",
                    shard, "--out", "\(folder)/\(out)",
                ] + more)
            return "\(folder)/\(out)"
        }
        let out = ["--out", folder + "/refused"]
        let (first, second) = (try part("1/2", out: "1"), try part("2/2", out: "2"))
        try refused(["merge", first] + out, "parts are missing", "'2'")
        try refused(["merge", first, second, first] + out, "comes twice")
        try refused(["merge", first, try part("2/3", out: "3")] + out, "number of parts")
        try refused(["merge", first, try part("2/2", "--threshold", "0.4", out: "4")] + out, "thresholds")
        try refused(["merge", first, try part("2/2", predictions: "q.csv", out: "5")] + out, "different evaluations")
        try refused(["merge", folder + "/goldens", first] + out, "is no part", "goldens")
        try refused(["merge", first, folder + "/nowhere"] + out, "is no part")
        try trained.write(Array("fname,labels,kind\na,x,1\nb,,2\nc,x,1\n".utf8), to: "other.csv")
        let slices = ["--slice-column", "kind", "--labels", folder + "/other.csv"]
        try refused(["merge", first, second] + slices + out, "labels are not those of the part", "other.csv")
        try refused(["merge", first, second, "--images", folder + "/nowhere"] + out, "no image folder", "nowhere")
        try trained.write(Array("fname,target,pixel_digest\nb,0,\nc,0,\n".utf8), to: "2/images.csv")
        try refused(["merge", first, second] + out, "'images.csv' has been changed")
        let evaluate = ["evaluate", "--labels", folder + "/l.csv", "--predictions", folder + "/p.csv"] + out
        try refused(evaluate + ["--shard", "4/9"], "more shards than images")
        try refused(evaluate + ["--shard", "3/2"], code: 64, "--shard")
        try refused(evaluate + ["--shard", "1/2", "--single-file"], code: 64, "assay merge")
        try refused(["merge"] + out, code: 64)
    }
}
