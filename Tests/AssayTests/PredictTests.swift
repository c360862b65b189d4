import Evaluation
import Foundation
import Testing

@Suite struct PredictTests {
    @Test func foldersThatShareANameAreToldApart() throws {
        let trained = try TrainedRun()
        let image = try FileBytes.read(trained.images + "/0.png")
        for file in ["NEW/0.png", "NEU/0.png"] { try trained.write(image, to: file) }
        let (new, old) = (trained.folder + "/NEW", trained.folder + "/NEU/")
        let both = try Program.run(["predict", "--model", trained.run, "--csv", new, old])
        let names = both.out.split(separator: "\n").dropFirst().compactMap { $0.split(separator: ",").first }
        #expect(both.code == 0 && names == ["\(new)/0.png", "\(old)0.png"], "\(both.out) \(both.error)")
        let one = try Program.run(["predict", "--model", trained.run, "--csv", new])
        #expect(one.out.contains("\n0.png,"), "\(one.out)")
        let twice = try Program.run(["predict", "--model", trained.run, new, new])
        #expect(twice.code == 2 && twice.error.contains("named twice") && twice.out.isEmpty, "\(twice.error)")
    }

    /// A text beside the images is none; named itself, it is wrong.
    @Test func aTextInAFolderIsLeftOutAndNamed() throws {
        let trained = try TrainedRun()
        try trained.write(Array("notes".utf8), to: "images/notes.txt")
        let folder = try Program.run(["predict", "--model", trained.run, "--csv", trained.images])
        #expect(folder.code == 0 && folder.out.split(separator: "\n").count == 21, "\(folder.error)")
        #expect(folder.error.contains("left out, no images: 'notes.txt'"), "\(folder.error)")
        let named = try Program.run(["predict", "--model", trained.run, trained.images + "/notes.txt"])
        #expect(named.code == 2 && named.error.contains("notes.txt"), "\(named.error)")
    }

    /// Whoever reads the figures later must know it too.
    @Test func figuresOfTrainingImagesSayThatTheyAre() throws {
        let trained = try TrainedRun()
        let out = trained.folder + "/report"
        let result = try Program.run([
            "evaluate", "--labels", trained.labels, "--images", trained.images, "--model", trained.run, "--out", out,
        ])
        let said = "the model was trained on 16 of these 20 images"
        #expect(result.code == 0 && result.error.contains(said), "\(result.error)")
        #expect(
            String(decoding: try FileBytes.read(out + "/metrics.json"), as: UTF8.self).contains("\"trained_on\" : 16"))
        #expect(String(decoding: try FileBytes.read(out + "/index.html"), as: UTF8.self).contains(said))
        #expect(try RecordFile.read(out).trainedOn == 16)
    }

    /// Said before the images are scored.
    @Test func aColumnThatIsNotThereComesFirst() throws {
        let trained = try TrainedRun()
        let evaluate = trained.arguments("evaluate", model: trained.run)
        let result = try Program.run(evaluate + ["--slice-column", "camera"])
        #expect(result.code == 2 && result.error.contains("camera"), "\(result.error)")
        #expect(!result.error.contains("scoring"), "\(result.error)")
    }

    /// How an image is augmented depends on the image, not on its company; where training augments nothing, neither do views.
    @Test func testTimeViewsBelongToTheImage() throws {
        let trained = try TrainedRun()
        func rows(_ model: String, _ images: [Int], _ more: String...) throws -> [String: String] {
            let paths = images.map { "\(trained.images)/\($0).png" }
            let result = try Program.run(["predict", "--model", model, "--csv", "--batch-size", "1"] + more + paths)
            #expect(result.code == 0, "\(result.error)")
            let lines = result.out.split(separator: "\n").dropFirst().map { $0.split(separator: ",", maxSplits: 1) }
            return Dictionary(uniqueKeysWithValues: lines.map { (String($0[0]), String($0[1])) })
        }
        let all = try rows(trained.run, [3, 1, 2], "--tta", "2")
        #expect(try all == rows(trained.run, [2, 3, 1], "--tta", "2"))
        for image in 1...3 {
            let alone = try rows(trained.run, [image], "--tta", "2")
            #expect(alone.allSatisfy { all[$0.key] == $0.value }, "\(alone) \(all)")
        }
        #expect(try all != rows(trained.run, [1, 2, 3]))
        let plain = trained.folder + "/plain"
        let trainedPlain = try Program.run([
            "train", "--labels", trained.labels, "--images", trained.images, "--out", plain, "--arch", "resnet10s",
            "--size", "32", "--batch-size", "8", "--epochs", "1", "--no-augment",
        ])
        #expect(trainedPlain.code == 0, "\(trainedPlain.error)")
        #expect(try rows(plain, [1, 2, 3], "--tta", "3") == rows(plain, [1, 2, 3]))
    }

    @Test func aGoldenSetOfOtherLabelsIsAnError() throws {
        let trained = try TrainedRun()
        for line in ["expect: [{match: \"*\", must_not: [typo]}]", "exclusive: [typo]"] {
            let golden = "version: 1\nname: g\nimages: images\n\(line)\nrules: [{metric: expectations, at_least: 0}]\n"
            try trained.write(Array(golden.utf8), to: "goldens/golden.yaml")
            let result = try Program.run(
                trained.arguments("gate", model: trained.run) + ["--out", trained.folder + "/verdict"])
            #expect(result.code == 2 && result.error.contains("typo") && result.out.isEmpty, "\(result.error)")
            #expect(!FileManager.default.fileExists(atPath: trained.folder + "/verdict"))
        }
    }
}
