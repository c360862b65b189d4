import Evaluation
import Foundation
import Neural
import Testing
import Training

@Suite struct RunConfigTests {
    private func config() throws -> RunConfig {
        RunConfig(
            arch: "resnet18", head: .fastai, vocab: ["a", "b"], preprocessing: try .validation(size: 32),
            thresholds: [0.5, 0.5], fits: Fit.fineTune(epochs: 2, freezeEpochs: 1, rate: 1e-3))
    }

    /// The settings as JSON, without some of their keys, at any depth.
    private func text(without keys: Set<String>) throws -> [UInt8] {
        func strip(_ value: Any) -> Any {
            if let fields = value as? [String: Any] {
                return fields.filter { !keys.contains($0.key) }.mapValues(strip)
            }
            return (value as? [Any])?.map(strip) ?? value
        }
        let json = try JSONSerialization.jsonObject(with: Data(config().text().utf8))
        return [UInt8](try JSONSerialization.data(withJSONObject: strip(json)))
    }

    @Test func settingsReadBack() throws {
        var config = try config()
        config.recipe.mixup = 0.4
        config.recipe.loss = MultiLabelLoss(.focal)
        config.augmentation = Augmentation(.fastai, itemSize: 48)
        #expect(try RunConfig.parse(Array(config.text().utf8), named: "c") == config)
    }

    /// Runs of before there were recipes, and of before frozen norms could rest, are what they were.
    @Test(arguments: [
        ["recipe"], ["recipe", "augmentation", "curve"], ["recipe", "augments", "freezes_norms", "curve"],
    ])
    func earlierVersionsAreRead(_ lacking: [String]) throws {
        #expect(try RunConfig.parse(text(without: Set(lacking)), named: "c") == config())
    }

    @Test func whatCannotBeReadIsNamed() throws {
        for (bytes, got) in [
            (try text(without: ["batch_size"]), "no 'batch_size'"),
            (try text(without: ["rates"]), "no 'fits[0].rates'"),
            (Array("[]".utf8), "the whole that is no"), (Array("x".utf8), "the whole of another kind"),
        ] {
            let error = #expect(throws: InputError.self) { try RunConfig.parse(bytes, named: "config.json") }
            #expect(
                error?.location == "config.json" && error?.got?.hasPrefix(got) == true, "\(error?.description ?? "")")
        }
    }

    /// No option says these, but a file could.
    @Test func lossesThatCannotBeAreNamed() throws {
        let changes: [(String, (inout MultiLabelLoss) -> Void)] = [
            ("exponent of -1.0", { $0.gamma = -1 }), ("exponent of -0.5", { $0.negativeGamma = -0.5 }),
            ("exponent of -2.0", { $0.positiveGamma = -2 }), ("alpha of 1.5", { $0.alpha = 1.5 }),
            ("clip of 1.0", { $0.clip = 1 }), ("clip of -0.1", { $0.clip = -0.1 }), ("smoothing", { $0.smoothing = 1 }),
        ]
        for (expected, change) in changes {
            var config = try config()
            change(&config.recipe.loss)
            let bytes = Array(try config.text().utf8)
            let error = #expect(throws: InputError.self) { try RunConfig.parse(bytes, named: "c") }
            #expect(error?.description.contains(expected) == true, "\(error?.description ?? expected)")
        }
    }

    @Test func presizingKeepsWhatIsSaid() throws {
        var config = try config()
        config.presize()
        #expect(config.augmentation == Augmentation(.crop, itemSize: 48))
        config.augmentation = Augmentation(.fastai, itemSize: 99)
        config.presize()
        #expect(config.augmentation?.itemSize == 99)
    }
}
