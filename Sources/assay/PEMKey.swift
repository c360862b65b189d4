import Crypto
import Evaluation
import Foundation

/// Keys from PEM files.
enum PEMKey {
    static func privateKey(_ path: String) throws -> P256.Signing.PrivateKey {
        do {
            return try P256.Signing.PrivateKey(pemRepresentation: String(decoding: FileBytes.read(path), as: UTF8.self))
        } catch let error as InputError { throw error } catch {
            throw InputError("is no usable private key", at: path, expected: "an unencrypted ECDSA P-256 key in PEM")
        }
    }

    static func publicKey(_ path: String) throws -> P256.Signing.PublicKey {
        do {
            return try P256.Signing.PublicKey(pemRepresentation: String(decoding: FileBytes.read(path), as: UTF8.self))
        } catch let error as InputError { throw error } catch {
            throw InputError("is no usable public key", at: path, expected: "an ECDSA P-256 key in PEM")
        }
    }
}
