import Evaluation
import Foundation
import Testing

@Suite struct RecipeOptionsTests {
    @Test(arguments: [
        ["--loss", "mse"], ["--pos-weight", "0"], ["--pos-weight", "1,x"], ["--label-smoothing", "1"],
        ["--weight-decay", "nan"], ["--dropout", "1"], ["--clip-norm", "0"], ["--accumulate", "0"], ["--ema", "1"],
        ["--mixup", "-1"], ["--patience", "0"], ["--schedule", "cosine"], ["--lr", "0:1"], ["--lr", "slice(1"],
        ["--lr", "1:2:3"], ["--lr", "slice(1,2,3)"], ["--lr", "1e-5:1e-3", "--schedule", "fine-tune"],
        ["--schedule", "flat", "--freeze-epochs", "2"], ["--loss", "focal", "--pos-weight", "2"],
        ["--freeze-epochs", "1", "--lr", "1e-5:1e-3"],
        ["--freeze-epochs", "1", "--lr", "slice(1e-3)", "--epochs", "1"],
        ["--dropout", "0.2", "--head", "linear"],
    ])
    func wrongValuesAreWrongUsage(_ flags: [String]) throws {
        let result = try Program.run(["train", "--labels", "l", "--images", "i", "--out", "o"] + flags)
        #expect(result.code == 64 && result.error.contains(flags[0]), "\(result.error)")
    }

    /// What an option cannot do where nothing is frozen is said.
    @Test func whatFreezesNothingIsSaid() throws {
        let trained = try TrainedRun()
        let fresh = [
            "train", "--labels", trained.labels, "--images", trained.images, "--out", trained.folder + "/fresh",
            "--arch", "resnet10s", "--size", "32", "--batch-size", "8", "--epochs", "1", "--freeze-bn",
        ]
        let added = ["train", "--resume", trained.run, "--epochs", "1"]
        for (arguments, names) in [(fresh, ["--freeze-epochs", "--freeze-bn"]), (added, ["--freeze-epochs"])] {
            let result = try Program.run(arguments + ["--freeze-epochs", "2"])
            #expect(result.code == 0, "\(result.error)")
            for name in names { #expect(result.error.contains("\(name) has no effect"), "\(result.error)") }
        }
        let without = try Program.run(added + ["--freeze-epochs", "0"])
        #expect(without.code == 0 && !without.error.contains("no effect"), "\(without.error)")
    }

    /// Every option reaches `config.json`, and a resumed run takes none of them again.
    @Test func theConfigurationSaysEverything() throws {
        let trained = try TrainedRun()
        let result = try Program.run([
            "train", "--labels", trained.labels, "--images", trained.images, "--out", trained.run, "--overwrite",
            "--arch", "resnet10s",
            "--size", "32", "--batch-size", "8", "--epochs", "2", "--pos-weight", "auto", "--label-smoothing", "0.125",
            "--weight-decay", "0.25", "--dropout", "0.375", "--clip-norm", "0.625", "--accumulate", "2", "--ema",
            "0.75", "--mixup", "0.875", "--patience", "3", "--keep-best", "--schedule", "flat-cosine", "--lr",
            "slice(0.03125)",
        ])
        #expect(result.code == 0, "\(result.error)")
        #expect(result.error.contains("weights of positives: dark"))
        let config = String(decoding: try FileBytes.read(trained.run + "/config.json"), as: UTF8.self)
        for part in [
            "\"positive_weights\"", "\"smoothing\" : 0.125", "\"weight_decay\" : 0.25", "\"dropout\" : 0.375",
            "\"clip_norm\" : 0.625", "\"accumulation\" : 2", "\"average_decay\" : 0.75", "\"mixup\" : 0.875",
            "\"patience\" : 3", "\"keeps_best\" : true", "\"curve\" : \"flat-cosine\"", "0.003125,", "0.03125\n",
        ] { #expect(config.contains(part), "\(part) in \(config)") }
        let again = try Program.run(["train", "--resume", trained.run, "--mixup", "0.2"])
        #expect(again.code == 64 && again.error.contains("--mixup"))
        let more = try Program.run(["train", "--resume", trained.run, "--epochs", "1", "--lr", "1e-5:1e-3"])
        #expect(more.code == 0, "\(more.error)")
        let wrong = try Program.run([
            "train", "--labels", trained.labels, "--images", trained.images, "--out", trained.run + "2",
            "--pos-weight", "1,2,3",
        ])
        #expect(wrong.code == 2 && wrong.error.contains("expected 1 or 2 numbers"), "\(wrong.error)")
    }
}
