import Evaluation
import Foundation
import Testing

@Suite struct DataCheckTests {
    @Test func everyImageThatCannotBeReadIsNamed() throws {
        let run = try TrainedRun()
        for name in ["3.png", "5.png", "6.png", "7.png", "8.png"] { try run.write([1, 2, 3], to: "images/\(name)") }
        let found = try Program.run(
            ["data", "check", "--labels", run.labels, "--images", run.images, "--out", run.folder + "/findings"])
        #expect(found.code == 2 && found.error.contains("5 of"), "\(found.error)")
        for name in ["3.png", "5.png", "6.png", "7.png", "8.png"] {
            #expect(found.error.contains("/\(name)") && found.error.contains("is not an image"))
        }
    }

    @Test func aPlantedCopyAndAWrongLabelAreFoundAndModelsCompared() throws {
        let run = try TrainedRun()
        let copied = try FileBytes.read(run.images + "/3.png")
        try run.write(copied, to: "images/copy.png")
        var table = String(decoding: try FileBytes.read(run.labels), as: UTF8.self) + "copy.png,dark\n"
        try run.write(Array(table.utf8), to: "labels.csv")
        let names = table.split(separator: "\n").dropFirst().map { $0.split(separator: ",").map(String.init) }
        // What a model that knows the truth would say: all as labelled, but the copy, which is light.
        table = "fname,dark,light\n"
        for name in names {
            let isDark = name[1] == "dark" && name[0] != "copy.png"
            table += "\(name[0]),\(isDark ? 0.9 : 0.1),\(isDark ? 0.1 : 0.9)\n"
        }
        try run.write(Array(table.utf8), to: "scores.csv")
        let out = run.folder + "/findings"
        let found = try Program.run([
            "data", "check", "--labels", run.labels, "--images", run.images, "--predictions",
            run.folder + "/scores.csv",
            "--out", out, "--json",
        ])
        try #require(found.code == 0, "\(found.error)")
        let findings = try JSON.decode(DataFindings.self, from: Array(found.out.utf8))
        #expect(findings.duplicateImages.map(\.first) == ["3.png"] && findings.duplicateImages[0].labelsDiffer)
        #expect(findings.wrongLabels?.first?.name == "copy.png")
        #expect(findings.duplicateLabels?.pairs.first?.behavesAsOne == false)
        for file in ["index.html", "findings.json", "wrong_labels.csv", "duplicate_images.csv", "duplicate_labels.csv"]
        {
            #expect(FileManager.default.fileExists(atPath: "\(out)/\(file)"), "\(file)")
        }

        for (name, source) in [("a", ["--predictions", run.folder + "/scores.csv"]), ("b", ["--model", run.run])] {
            let result = try Program.run(
                ["evaluate", "--labels", run.labels, "--images", run.images, "--out", "\(run.folder)/\(name)"]
                    + source + ["--no-report", "--slices", "--slice-column", "labels"])
            try #require(result.code == 0, "\(result.error)")
            let parts = try FileBytes.read("\(run.folder)/\(name)/slices.json")
            let slices = try JSON.decode(SliceTable.self, from: parts).rows.map(\.name)
            #expect(slices.contains("labels = dark") && slices.contains { $0.hasPrefix("brightness ") })
        }
        let (a, b) = (run.folder + "/a", run.folder + "/b")
        let compared = try Program.run(["compare", a, b, "--out", run.folder + "/comparison"])
        #expect(compared.code == 0 && compared.out.contains("McNemar"), "\(compared.error)")
        #expect(FileManager.default.fileExists(atPath: run.folder + "/comparison/flips.csv"))
        let itself = try Program.run(["compare", a, a, "--out", run.folder + "/none"])
        #expect(itself.code == 2 && itself.error.contains("compared with itself"))
        #expect(!FileManager.default.fileExists(atPath: run.folder + "/none"))
    }

    /// A network knows wrong labels of its training images by heart: it does not rank them, unless told to.
    @Test func aNetworkDoesNotJudgeItsOwnTrainingImages() throws {
        let run = try TrainedRun()
        func check(_ arguments: [String], _ name: String = "") throws -> (text: String, ranks: [UInt8]) {
            let out = run.folder + "/findings-\(name)\(arguments.last ?? "")"
            let result = try Program.run(
                ["data", "check", "--labels", run.labels, "--images", run.images, "--model", run.run, "--out", out]
                    + arguments)
            try #require(result.code == 0, "\(result.error)")
            return (result.out, try FileBytes.read(out + "/wrong_labels.csv"))
        }
        let (chosen, heldOut, own) = (
            try check([]), try check(["--held-out"]), try check(["--no-held-out"])
        )
        #expect(chosen.text.contains("each image by one fitted without it"), "\(chosen.text)")
        #expect(chosen.ranks == heldOut.ranks && chosen.ranks != own.ranks)
        #expect(own.text.contains("learned by heart"), "\(own.text)")
        // Images that it has not seen are its own to judge.
        try run.write(Array("fname,labels\nnew.png,dark\n".utf8), to: "labels.csv")
        var random = SeededGenerator(seed: 6)
        try run.write(TrainedRun.picture(50, &random), to: "images/new.png")
        #expect(
            try check([], "new").text.contains("trained on none of these images: its own scores rank wrong labels"))
    }
}
