import Evaluation
import Foundation
import Raster
import Testing

@Suite struct AugmentOptionsTests {
    @Test(arguments: [
        ["--transforms", "torch"], ["--item-size", "4"], ["--rotate", "5"],
        ["--zoom", "0.5", "--transforms", "fastai"],
        ["--warp", "nan", "--transforms", "fastai"], ["--lighting", "1"], ["--saturation", "-1"], ["--hue", "2"],
        ["--erase", "1.5"], ["--item-size", "64", "--no-augment"], ["--cache", "c", "--no-augment"],
    ])
    func wrongValuesAreWrongUsage(_ flags: [String]) throws {
        let result = try Program.run(["train", "--labels", "l", "--images", "i", "--out", "o"] + flags)
        #expect(result.code == 64 && result.error.contains(flags[0]), "\(result.error)")
    }

    @Test func trainingSaysWhatItTrainsOnAndKeepsItsAugmentation() throws {
        let trained = try TrainedRun()
        let arguments = [
            "train", "--labels", trained.labels, "--images", trained.images, "--out", trained.run, "--overwrite",
            "--arch",
            "resnet10s", "--size", "32", "--batch-size", "8", "--epochs", "1", "--transforms", "fastai", "--item-size",
            "40", "--hue", "0.125", "--erase", "0.25",
        ]
        let cache = trained.folder + "/cache"
        let result = try Program.run(arguments + ["--cache", cache])
        #expect(result.code == 0, "\(result.error)")
        #expect(result.error.contains("warning: only") && result.error.contains("train  valid"))
        let weights = try FileBytes.read(trained.run + "/checkpoint.safetensors")
        let text = String(decoding: try FileBytes.read(trained.run + "/config.json"), as: UTF8.self)
        for part in ["\"hue\" : 0.125", "\"erase\" : 0.25", "\"item_size\" : 40", "\"min_scale\" : 1", "\"crop\""] {
            #expect(text.contains(part), "\(part) in \(text)")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: cache).count == 16)
        #expect(try Program.run(arguments).code == 0)
        #expect(try FileBytes.read(trained.run + "/checkpoint.safetensors") == weights)
        let again = try Program.run(["train", "--resume", trained.run, "--lighting", "0.1"])
        #expect(again.code == 64 && again.error.contains("--lighting"))
        let predicted = try Program.run(["predict", "--model", trained.run, trained.images, "--csv", "--tta", "2"])
        #expect(predicted.code == 0 && predicted.out.split(separator: "\n").count == 21)
        #expect(try predicted.out != Program.run(["predict", "--model", trained.run, trained.images, "--csv"]).out)
    }

    @Test func aCacheNeedsPresizing() throws {
        let trained = try TrainedRun()
        let result = try Program.run(["train", "--resume", trained.run, "--cache", trained.folder + "/cache"])
        #expect(result.code == 2 && result.error.contains("--item-size"), "\(result.error)")
    }

    @Test func dataShowDrawsASheet() throws {
        let trained = try TrainedRun()
        let arguments = ["data", "show", "--labels", trained.labels, "--images", trained.images, "--size", "32"]
        let sheets = try ["a.png", "b.png"].map { name in
            let result = try Program.run(arguments + ["--count", "6", "--out", trained.folder + "/" + name])
            #expect(result.code == 0 && result.out.contains("dark"), "\(result.error)")
            return try Image.read(path: trained.folder + "/" + name)
        }
        #expect(sheets[0] == sheets[1] && sheets[0].width == 5 * 212 + 12)
        let inside = try Program.run(arguments + ["--out", trained.images + "/0.png"])
        #expect(inside.code == 2 && inside.error.contains("0.png"))
        #expect(try Program.run(arguments + ["--out", "sheet.jpg"]).code == 64)
        // Before the images are looked at; and what is no picture stays.
        let nowhere = try Program.run(arguments + ["--out", trained.folder + "/no/sheet.png"])
        #expect(nowhere.code == 2 && nowhere.error.contains("no/sheet.png") && nowhere.out.isEmpty, "\(nowhere)")
        try FileBytes.write("notes", to: trained.folder + "/notes.png")
        let taken = try Program.run(arguments + ["--out", trained.folder + "/notes.png"])
        #expect(taken.code == 2 && taken.error.contains("the place is taken"), "\(taken.error)")
    }
}
