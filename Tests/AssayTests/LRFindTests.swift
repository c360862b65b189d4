import Evaluation
import Foundation
import Raster
import Testing

@Suite struct LRFindTests {
    private struct Curve: Decodable {
        struct Suggestions: Decodable { var lrMin, lrSteep, valley, slide: Double? }
        var rates: [Double]
        var losses: [Double]
        var suggestions: Suggestions
    }

    @Test func drawsSuggestsAndChangesNothing() throws {
        let trained = try TrainedRun()
        let before = try FileManager.default.contentsOfDirectory(atPath: trained.run).sorted().map {
            try FileBytes.read(trained.run + "/" + $0)
        }
        let picture = trained.folder + "/lr.png"
        let flags = ["--labels", trained.labels, "--images", trained.images, "--arch", "resnet10s", "--size", "32"]
        let shown = try Program.run(["lr-find"] + flags + ["--batch-size", "8", "--out", picture])
        #expect(shown.code == 0, "\(shown.error)")
        for name in ["lr_min", "lr_steep", "valley", "slide", "•", "log10"] { #expect(shown.out.contains(name)) }
        #expect(try Image.read(path: picture).width > 1000)
        // A picture is replaced; something else is not.
        let json = try Program.run(["lr-find", "--resume", trained.run, "--out", picture, "--json"])
        #expect(json.code == 0, "\(json.error)")
        let curve = try JSON.decode(Curve.self, from: Array(json.out.utf8))
        #expect(curve.rates.count == curve.losses.count && curve.rates[0] == 1e-7)
        #expect(curve.suggestions.valley != nil)
        let after = try FileManager.default.contentsOfDirectory(atPath: trained.run).sorted().map {
            try FileBytes.read(trained.run + "/" + $0)
        }
        #expect(after == before)
        for taken in [trained.labels, trained.images] {
            let refused = try Program.run(["lr-find"] + flags + ["--out", taken])
            #expect(refused.code == 2 && refused.error.contains("the place is taken"), "\(refused.error)")
        }
        // Pictures, but inputs.
        let image = try Program.run(["lr-find"] + flags + ["--out", trained.images + "/0.png"])
        let curves = try Program.run(
            ["lr-find", "--resume", trained.run, "--out", trained.run + "/learning_curve.png"])
        for refused in [image, curves] {
            #expect(refused.code == 2 && refused.error.contains("place of an input"), "\(refused.error)")
        }
        // What cannot be written is said before the search.
        let nowhere = try Program.run(["lr-find"] + flags + ["--out", trained.folder + "/no/lr.png"])
        #expect(nowhere.code == 2 && nowhere.error.contains("no/lr.png"), "\(nowhere.error)")
        #expect(!nowhere.error.contains("finding"), "\(nowhere.error)")
    }

    /// A rule that finds no rate says so.
    @Test func whatCannotBeSuggestedIsSaid() throws {
        let trained = try TrainedRun()
        let result = try Program.run(["lr-find", "--resume", trained.run, "--steps", "8"])
        #expect(result.code == 0, "\(result.error)")
        #expect(result.out.contains("slide") && result.out.contains("too few"), "\(result.out)")
        #expect(try !Program.run(["lr-find", "--help"]).out.contains("\\"))
    }

    @Test(arguments: [
        [], ["--labels", "l", "--images", "i", "--steps", "2"], ["--resume", "r", "--arch", "resnet18"],
        ["--labels", "l", "--images", "i", "--start-lr", "1", "--end-lr", "0.1"],
        ["--labels", "l", "--images", "i", "--no-augment", "--erase", "0.5"],
    ])
    func wrongUsageIs64(_ flags: [String]) throws {
        #expect(try Program.run(["lr-find"] + flags).code == 64)
    }
}
