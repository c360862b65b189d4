import Evaluation
import Foundation

/// Thresholds that become a run's own.
public enum RunThresholds {
    /// Puts thresholds into a run's `config.json`: what predicts, gates and exports from now on. Its record stays what it
    /// was measured as.
    ///
    /// - Parameters:
    ///   - thresholds: one for each of `labels`, which must be the run's.
    /// - Throws: `InputError` if the folder is no run, or one that has been changed.
    public static func save(_ thresholds: [Double], labels: [String], in run: String) throws {
        guard try OutputManifest.kind(of: run) == .run else {
            throw InputError("is no run", at: run, expected: "a run folder of assay train", got: "another folder")
        }
        if let objection = try OutputManifest.objection(to: run, as: .run) {
            throw InputError("the run has been changed", at: run, expected: "an unchanged run folder", got: objection)
        }
        let file = "\(run)/\(Model.configFile)"
        var config = try RunConfig.parse(FileBytes.read(file), named: file)
        guard config.vocab == labels else {
            throw InputError(
                "the thresholds are of other labels", at: run, expected: config.vocab.joined(separator: ", "),
                got: labels.joined(separator: ", "))
        }
        config.thresholds = thresholds
        try config.check(named: file)
        let text = try config.text()
        // Configuration and manifest change together or not at all.
        try StagedFolder.write(to: run, kind: .run, keepsStrangers: true) { folder in
            for name in try FileTree.entries(under: run).map(\.path)
            where ![Model.configFile, OutputManifest.file].contains(name) && !OutputKind.run.isPart(name) {
                try FileBytes.link("\(run)/\(name)", to: "\(folder)/\(name)")
            }
            try FileBytes.write(text, to: "\(folder)/\(Model.configFile)")
        }
    }
}

extension Model {
    /// The same network with other thresholds, and so another model: its identity is new.
    /// - Throws: `InputError` unless there is one from 0 to 1 for each label.
    public func with(thresholds: [Double]) throws -> Model {
        var config = config
        config.thresholds = thresholds
        try config.check(named: identity.name)
        return try Model(
            name: identity.name, config: config, weightBytes: weightBytes, file: identity.name, trainedOn: trainedOn)
    }
}
