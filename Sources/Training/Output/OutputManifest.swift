import Evaluation
import Foundation

/// `assay.json` of every folder that a command writes: its kind, and the digest of every file. It tells an earlier output,
/// which may be replaced, from a person's own folder, which may not.
public struct OutputManifest: Codable, Sendable, Equatable {
    public static let file = "assay.json"
    public static let signatureFile = "model.sig"

    public var version = 1
    public var kind: OutputKind
    /// File by relative path -> SHA-256, lower-case hex.
    public var hashes: [String: String]

    /// What kind of output a folder says it is; nil if it has no manifest.
    /// - Throws: `InputError` if the manifest cannot be read.
    package static func kind(of folder: String) throws -> OutputKind? {
        let path = "\(folder)/\(file)"
        guard FileTree.kind(of: path) != nil else { return nil }
        struct Head: Decodable { var kind: OutputKind }
        do { return try JSON.decode(Head.self, from: FileBytes.read(path)).kind } catch {
            throw InputError("is no manifest", at: path, expected: "assay.json of a folder that assay wrote")
        }
    }

    private init(kind: OutputKind, hashes: [String: String]) {
        self.kind = kind
        self.hashes = hashes
    }

    /// The manifest of what lies in `folder` now.
    init(kind: OutputKind, of folder: String) throws {
        self.kind = kind
        hashes = [:]
        for entry in try FileTree.entries(under: folder) where entry.path != Self.file {
            guard !kind.unlisted.contains(entry.path) else { continue }
            hashes[entry.path] = try Digest.sha256(file: "\(folder)/\(entry.path)")
        }
    }

    /// What in `folder` is not an unchanged output of `kind`: one phrase, or nil if all of it is.
    package static func objection(to folder: String, as kind: OutputKind) throws -> String? {
        guard let bytes = try? FileBytes.read("\(folder)/\(file)"),
            let manifest = try? JSON.decode(OutputManifest.self, from: bytes), manifest.version == 1
        else { return try FileTree.entries(under: folder).first.map { "a folder of other files, as '\($0.path)'" } }
        guard manifest.kind == kind else { return "a folder of another kind, \(manifest.kind.rawValue)" }
        if let stranger = try strangers(in: folder, as: kind, manifest).first {
            return "one with '\(stranger)', which assay did not write"
        }
        for (path, digest) in manifest.hashes.sorted(by: { $0.key < $1.key }) {
            // What is missing cannot be lost.
            guard FileTree.kind(of: "\(folder)/\(path)", followsLinks: false) == .file else { continue }
            guard try Digest.sha256(file: "\(folder)/\(path)") == digest else {
                return "one whose '\(path)' has been changed"
            }
        }
        for (part, kind) in kind.parts where FileTree.kind(of: "\(folder)/\(part)") != nil {
            if let objection = try objection(to: "\(folder)/\(part)", as: kind) { return "\(objection) in '\(part)'" }
        }
        return nil
    }

    /// Paths in an output's folder that it did not write; all of them if it has no manifest.
    static func strangers(in folder: String, as kind: OutputKind) throws -> [String] {
        let manifest = (try? FileBytes.read("\(folder)/\(file)"))
            .flatMap { try? JSON.decode(OutputManifest.self, from: $0) }
        return try strangers(in: folder, as: kind, manifest ?? OutputManifest(kind: kind, hashes: [:]))
    }

    private static func strangers(in folder: String, as kind: OutputKind, _ manifest: OutputManifest) throws -> [String]
    {
        try FileTree.entries(under: folder) { kind.parts[$0] == nil }.filter { entry in
            if entry.kind == .folder { return false }
            guard entry.kind == .file else { return true }
            return manifest.hashes[entry.path] == nil && entry.path != file && !kind.isPart(entry.path)
                && !kind.unlisted.contains(entry.path)
        }.map(\.path)
    }
}
