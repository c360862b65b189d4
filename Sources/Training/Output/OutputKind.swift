import Evaluation

/// What a command writes as a folder. A folder is replaced only by another of its kind.
public enum OutputKind: String, Codable, Sendable, CaseIterable {
    case run, report, verdict, bundle, demo, goldens, comparison, findings, part

    /// Sub-folders that are outputs of their own.
    var parts: [String: OutputKind] {
        guard self == .demo else { return [:] }
        return ["run": .run, "report": .report, "verdict": .verdict, "bundle": .bundle, "goldens": .goldens]
    }

    /// Files that the manifest does not list: a run's that are replaced while it trains, and a bundle's signature, which
    /// signs the manifest.
    var unlisted: [String] {
        switch self {
        case .run:
            ["history.csv", EventFile.name, Checkpoint.file, Checkpoint.earlierFile, TrainingImagesFile.name]
        case .bundle: [OutputManifest.signatureFile]
        default: []
        }
    }

    /// Whether a file is what a save of an unlisted one leaves when it is killed.
    func isPart(_ name: String) -> Bool {
        FileBytes.wholeName(ofPart: name).map(unlisted.contains) ?? false
    }
}
