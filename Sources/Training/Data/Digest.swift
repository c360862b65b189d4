import Crypto
import Evaluation
import Foundation
import Raster

/// SHA-256 in lower-case hex.
public enum Digest {
    public static func sha256(_ bytes: [UInt8]) -> String { hex(SHA256.hash(data: bytes)) }

    /// Of a file, read piece by piece.
    /// - Throws: `InputError` if it cannot be read.
    public static func sha256(file path: String) throws -> String {
        var hash = SHA256()
        try FileBytes.forEachPiece(of: path) { hash.update(bufferPointer: $0) }
        return hex(hash.finalize())
    }

    /// Of a picture's size (two little-endian 32-bit numbers) and pixels: the same picture in another file has it too.
    public static func pixels(_ image: Image) -> String {
        var hash = SHA256()
        for side in [image.width, image.height] {
            withUnsafeBytes(of: UInt32(truncatingIfNeeded: side).littleEndian) { hash.update(bufferPointer: $0) }
        }
        image.pixels.withUnsafeBytes { hash.update(bufferPointer: $0) }
        return hex(hash.finalize())
    }

    package static func hex(_ digest: SHA256.Digest) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
