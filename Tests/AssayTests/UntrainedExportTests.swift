import Foundation
import Testing

@Suite struct UntrainedExportTests {
    /// Its golden set would pass it: there are rules that anything passes.
    @Test func aRunOfNoEpochsIsNeverExported() throws {
        let trained = try TrainedRun()
        let untrained = trained.folder + "/untrained"
        let training = try Program.run([
            "train", "--labels", trained.labels, "--images", trained.images, "--out", untrained, "--arch", "resnet10s",
            "--size", "32", "--batch-size", "8", "--epochs", "0",
        ])
        try #require(training.code == 0, "\(training.error)")
        let gate = try Program.run(trained.arguments("gate", model: untrained))
        #expect(gate.code == 0, "\(gate.error)")
        let export = try Program.run(trained.arguments("export", model: untrained))
        #expect(export.code == 1)
        #expect(export.error.contains("has not been trained; expected at least 1 epoch, got 0"), "\(export.error)")
        #expect(!FileManager.default.fileExists(atPath: trained.folder + "/second"))
        try trained.export()
    }
}
