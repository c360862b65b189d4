import Evaluation
import Foundation

/// `assay.json` of a bundle: the settings that were judged and the digest of every other file but the signature.
public struct BundleManifest: Codable, Sendable, Equatable {
    public var version = 1
    public var kind = OutputKind.bundle
    public var config: RunConfig
    /// File name -> SHA-256, lower-case hex.
    public var hashes: [String: String]

    public init(config: RunConfig, hashes: [String: String]) {
        self.config = config
        self.hashes = hashes
    }

    public static func parse(_ bytes: [UInt8], named file: String) throws -> BundleManifest {
        guard let manifest = try? JSON.decode(BundleManifest.self, from: bytes), manifest.version == 1,
            manifest.kind == .bundle
        else {
            throw InputError(
                "is no bundle manifest", at: file, expected: "assay.json of a bundle", got: "other JSON or text")
        }
        try manifest.config.check(named: file)
        return manifest
    }
}

/// A bundle's files as they were read, each with the digest that the manifest lists.
struct BundleFiles {
    let manifest: BundleManifest
    private let folder: String
    private var contents: [String: [UInt8]] = [:]

    /// - Throws: `InputError` naming the first file that is missing, no regular file, or has other bytes than listed.
    init(folder: String) throws {
        self.folder = folder
        let path = "\(folder)/\(OutputManifest.file)"
        manifest = try .parse(FileBytes.read(path), named: path)
        for (name, digest) in manifest.hashes.sorted(by: { $0.key < $1.key }) {
            let path = "\(folder)/\(name)"
            guard !name.contains("/"), FileTree.kind(of: path, followsLinks: false) == .file else {
                throw InputError(
                    "the bundle is not whole", at: path, expected: "the file that \(OutputManifest.file) lists",
                    got: FileTree.kind(of: path, followsLinks: false) == nil ? "nothing" : "no regular file")
            }
            let bytes = try name == Model.weightsFile ? FreeMemory.readWeights(path) : FileBytes.read(path)
            let found = Digest.sha256(bytes)
            guard found == digest else {
                throw InputError(
                    "the bundle has been changed", at: path, expected: "SHA-256 \(digest.prefix(12))…",
                    got: "\(found.prefix(12))…")
            }
            if name != Self.largestUnread { contents[name] = bytes }
        }
    }

    /// Checked, and read by other programs alone.
    private static let largestUnread = "model.onnx"

    /// The bytes of a listed file; nil if it is not listed.
    func bytes(_ name: String) -> [UInt8]? { contents[name] }

    /// The bytes of a file that every bundle has.
    func required(_ name: String) throws -> [UInt8] {
        guard let bytes = contents[name] else {
            throw InputError(
                "the bundle is not whole", at: folder, expected: "\(OutputManifest.file) that lists \(name)",
                got: "none")
        }
        return bytes
    }

    /// Refuses a bundle whose verdict is not a pass of exactly this model.
    func requirePass(of model: ModelIdentity) throws {
        let verdict = try? JSON.decode(Verdict.self, from: required(VerdictFiles.name))
        guard let verdict, verdict.outcome == .passed, verdict.model?.digests == model.digests else {
            throw InputError(
                "the bundle's verdict is of another model", at: "\(folder)/\(VerdictFiles.name)",
                expected: "a pass of these weights, settings and training images",
                got: verdict.map { "\($0.outcome.rawValue)" } ?? "no verdict")
        }
    }
}
