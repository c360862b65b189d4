import Evaluation
import Training

/// The folder of one shard of an evaluation.
enum EvaluatedPart {
    /// - Parameters:
    ///   - input: of the shard's images.
    ///   - total: images of all shards.
    ///   - settings: what else must be the same for all parts, by name.
    static func write(
        _ input: EvaluationInput, shard: Shard, of total: Int, settings: [String: String], to out: String
    ) throws {
        let part = try EvaluationPart(input, shard: shard, of: total, settings: settings)
        try StagedFolder.write(to: out, kind: .part) { try part.write(to: $0) }
        try Terminal.print("part \(shard.text), \(input.truth.names.count) of \(total) images: \(out)".singleLine)
    }

    /// SHA-256 of a file; nil for a folder or nothing.
    static func digest(_ path: String?) throws -> String? {
        guard let path, FileTree.kind(of: path) == .file else { return nil }
        return try Digest.sha256(file: path)
    }
}
