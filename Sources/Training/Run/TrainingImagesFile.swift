import Evaluation
import Foundation

/// `training_images.json` of a run or bundle: the pixel digests of the images that trained the model, sorted.
public enum TrainingImagesFile {
    public static let name = "training_images.json"

    /// Equal lists are equal bytes.
    public static func text(_ digests: Set<String>) throws -> String { try JSON.text(digests.sorted()) + "\n" }

    /// - Throws: `InputError` for what is no list of digests, or an empty one: every model has been trained on something.
    static func parse(_ bytes: [UInt8], named file: String) throws -> Set<String> {
        guard let digests = try? JSON.decode(Set<String>.self, from: bytes), !digests.isEmpty,
            digests.allSatisfy({ $0.utf8.count == 64 && $0.utf8.allSatisfy("0123456789abcdef".utf8.contains) })
        else {
            throw InputError(
                "is no list of training images", at: file, expected: "SHA-256 digests of pixels in JSON",
                got: "other text, or none")
        }
        return digests
    }

    /// The list of a run folder, where it may have been lost.
    static func read(run folder: String) throws -> (digests: Set<String>?, reason: String) {
        let path = "\(folder)/\(name)"
        guard FileTree.kind(of: path) != nil else {
            return (nil, "the run's list of training images, \(name), is missing")
        }
        return (try parse(FileBytes.read(path), named: path), "")
    }
}
