import Crypto
import Evaluation
import Foundation
import Training

/// A signature over a folder's files in OpenSSF Model Signing's form: an in-toto statement in a DSSE envelope in a
/// Sigstore bundle, ECDSA P-256 with SHA-256. `model_signing` verifies it with the public key.
public enum ModelSignature {
    public static let file = OutputManifest.signatureFile
    static let payloadType = "application/vnd.in-toto+json"
    static let mediaType = "application/vnd.dev.sigstore.bundle.v0.3+json"

    /// Signs `files` (name -> bytes) and returns the bundle's text.
    public static func sign(_ files: [String: [UInt8]], name: String, key: P256.Signing.PrivateKey) throws -> String {
        let resources = files.keys.sorted().map { ($0, SHA256.hash(data: files[$0] ?? [])) }
        var whole = SHA256()
        for (_, digest) in resources { digest.withUnsafeBytes { whole.update(bufferPointer: $0) } }
        let statement = JSON.object([
            "_type": .string("https://in-toto.io/Statement/v1"),
            "subject": .array([
                .object([
                    "name": .string(name), "digest": .object(["sha256": .string(Digest.hex(whole.finalize()))]),
                ])
            ]),
            "predicateType": .string("https://model_signing/signature/v1.0"),
            "predicate": .object([
                "serialization": .object([
                    "method": .string("files"), "hash_type": .string("sha256"), "allow_symlinks": .bool(false),
                    "ignore_paths": .array([.string(file)]),
                ]),
                "resources": .array(
                    resources.map { name, digest in
                        .object([
                            "name": .string(name), "algorithm": .string("sha256"),
                            "digest": .string(Digest.hex(digest)),
                        ])
                    }),
            ]),
        ])
        let payload = Array(try statement.text().utf8)
        let signature = try key.signature(for: preAuthentication(payload))
        let bundle = JSON.object([
            "mediaType": .string(mediaType),
            "verificationMaterial": .object([
                "publicKey": .object(["hint": .string(Digest.sha256(Array(pem(key.publicKey).utf8)))]),
                "tlogEntries": .array([]),
            ]),
            "dsseEnvelope": .object([
                "payload": .string(Data(payload).base64EncodedString()), "payloadType": .string(payloadType),
                "signatures": .array([
                    .object(["sig": .string(signature.derRepresentation.base64EncodedString()), "keyid": .string("")])
                ]),
            ]),
        ])
        return try bundle.text() + "\n"
    }

    /// The public key as its PEM file has it.
    public static func pem(_ key: P256.Signing.PublicKey) -> String { key.pemRepresentation + "\n" }

    /// Verifies the signature before reading what it signs, and returns the digest of each signed file.
    /// - Parameter key: nil reads the statement without saying who signed it.
    /// - Throws: `InputError` if it is malformed or not of this key.
    public static func digests(_ bytes: [UInt8], key: P256.Signing.PublicKey?, at place: String) throws -> [String:
        String]
    {
        func malformed(_ what: String) -> InputError {
            InputError("the signature is malformed", at: place, expected: what)
        }
        guard let bundle = try? JSONDecoder().decode(Bundle.self, from: Data(bytes)),
            bundle.dsseEnvelope.payloadType == payloadType, bundle.dsseEnvelope.signatures.count == 1,
            let payload = Data(base64Encoded: bundle.dsseEnvelope.payload),
            let signature = Data(base64Encoded: bundle.dsseEnvelope.signatures[0].sig)
        else { throw malformed("a Sigstore bundle with one in-toto envelope") }
        if let key {
            guard let ecdsa = try? P256.Signing.ECDSASignature(derRepresentation: signature),
                key.isValidSignature(ecdsa, for: preAuthentication(Array(payload)))
            else {
                throw InputError(
                    "the signature is not of this key", at: place, expected: "a signature by the given public key")
            }
        }
        guard let statement = try? JSONDecoder().decode(Statement.self, from: payload),
            statement.predicateType == "https://model_signing/signature/v1.0",
            Set(statement.predicate.resources.map(\.name)).count == statement.predicate.resources.count,
            statement.predicate.resources.allSatisfy({ $0.algorithm == "sha256" })
        else { throw malformed("a model-signing statement") }
        return Dictionary(
            statement.predicate.resources.map { ($0.name, $0.digest) }, uniquingKeysWith: { first, _ in first })
    }

    /// DSSE's pre-authentication encoding.
    private static func preAuthentication(_ payload: [UInt8]) -> Data {
        Data("DSSEv1 \(payloadType.utf8.count) \(payloadType) \(payload.count) ".utf8) + Data(payload)
    }

    private struct Bundle: Decodable {
        struct Envelope: Decodable {
            struct Signature: Decodable { var sig: String }
            var payload: String
            var payloadType: String
            var signatures: [Signature]
        }
        var dsseEnvelope: Envelope
    }

    private struct Statement: Decodable {
        struct Predicate: Decodable {
            struct Resource: Decodable {
                var name: String
                var algorithm: String
                var digest: String
            }
            var resources: [Resource]
        }
        var predicateType: String
        var predicate: Predicate
    }
}
