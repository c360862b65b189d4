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
