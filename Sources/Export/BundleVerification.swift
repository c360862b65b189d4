import Crypto
import Evaluation
import Foundation
import Training

/// Whether every byte of a bundle is what was judged and signed.
public enum BundleVerification {
    public struct Finding: Sendable, Equatable {
        public let isGood: Bool
        public let text: String
    }

    /// Checks signature, every file, unlisted files, links, and that the judged weights and settings are these.
    /// - Parameter key: the signer's; without it the bundle is checked against itself only.
    /// - Throws: `InputError` if the folder is no bundle.
    public static func findings(_ folder: String, key: P256.Signing.PublicKey?) throws -> [Finding] {
        var findings: [Finding] = []
        func say(_ isGood: Bool, _ text: String) { findings.append(Finding(isGood: isGood, text: text)) }
        let place = folder + "/" + ModelSignature.file
        let signatureBytes = try FileBytes.read(place)
        let signed: [String: String]
        do {
            signed = try ModelSignature.digests(signatureBytes, key: key, at: place)
            say(
                true,
                key == nil
                    ? "no public key given: the files are checked against the signature, not who signed"
                    : "signed by the given key")
        } catch {
            say(false, "\(error)")
            return findings
        }
        let present = try entries(folder)
        for name in present.keys.sorted() where signed[name] == nil && name != ModelSignature.file {
            say(false, "\(name): is not signed")
        }
        for (name, digest) in signed.sorted(by: { $0.key < $1.key }) {
            guard present[name] == true else {
                say(false, "\(name): \(present[name] == nil ? "is missing" : "is not a regular file")")
                continue
            }
            let isSame = Digest.sha256(try FileBytes.read(folder + "/" + name)) == digest
            say(isSame, "\(name): \(isSame ? "as signed" : "has changed")")
        }
        for required in [OutputManifest.file, Model.weightsFile, VerdictFiles.name] where signed[required] == nil {
            say(false, "\(required): is not part of the signed bundle")
        }
        if findings.allSatisfy(\.isGood) { findings.append(try judged(folder)) }
        return findings
    }

    /// Whether the verdict is a pass on exactly these weights and settings.
    private static func judged(_ folder: String) throws -> Finding {
        do { _ = try Model(folder: folder) } catch { return Finding(isGood: false, text: "\(error)") }
        let verdict = try JSON.decode(Verdict.self, from: FileBytes.read(folder + "/" + VerdictFiles.name))
        return Finding(isGood: true, text: "passed \(verdict.goldenSet) with exactly these weights and settings")
    }

    /// Names in the folder and whether each is a regular file. Links and sub-folders are not.
    private static func entries(_ folder: String) throws -> [String: Bool] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            throw InputError("cannot list the bundle", at: folder, expected: "a folder")
        }
        var result: [String: Bool] = [:]
        for name in names {
            let type =
                try? FileManager.default.attributesOfItem(atPath: folder + "/" + name)[.type] as? FileAttributeType
            result[name] = type == .typeRegular
        }
        return result
    }
}
