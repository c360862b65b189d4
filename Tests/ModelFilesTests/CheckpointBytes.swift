import Foundation

/// Checkpoints byte by byte, as no honest program writes them.
enum CheckpointBytes {
    static func little(_ value: Int, _ width: Int) -> [UInt8] {
        (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    /// Zip, bit by bit.
    static func checksum(_ bytes: [UInt8]) -> Int {
        var value = UInt32.max
        for byte in bytes {
            value ^= UInt32(byte)
            for _ in 0..<8 { value = value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
        }
        return Int(~value)
    }

    struct Entry {
        var name: String
        var data: [UInt8]
        var localName: String?
        var flags = 0
        var method = 0
        var checksum: Int?
        /// Claimed instead of the true size: both, or the packed one alone.
        var size: Int?
        var packed: Int?
        /// Claimed instead of the true place.
        var local: Int?
        var isZip64 = false
        /// Before a zip64 field.
        var extra: [UInt8] = []
    }

    /// A zip archive; a zip64 directory where `isZip64`.
    static func zip(_ entries: [Entry], isZip64: Bool = false, count: Int? = nil, comment: String = "") -> [UInt8] {
        var bytes: [UInt8] = []
        var directory: [UInt8] = []
        for entry in entries {
            let place = entry.local ?? bytes.count
            let size = entry.size ?? entry.data.count
            let packed = entry.packed ?? size
            let sum = little(entry.checksum ?? checksum(entry.data), 4)
            let name = Array(entry.name.utf8)
            let local = Array((entry.localName ?? entry.name).utf8)
            let head = little(entry.flags, 2) + little(entry.method, 2) + [0, 0, 0, 0] + sum
            bytes += [0x50, 0x4B, 3, 4, 45, 0] + head + little(packed, 4) + little(size, 4)
            bytes += little(local.count, 2) + [4, 0] + local + [0x46, 0x42, 0, 0] + entry.data
            let wide = little(1, 2) + little(24, 2) + [size, packed, place].flatMap { little($0, 8) }
            let extra = entry.extra + (entry.isZip64 ? wide : [])
            directory += [0x50, 0x4B, 1, 2, 45, 0, 45, 0] + head
            directory += entry.isZip64 ? little(-1, 8) : little(packed, 4) + little(size, 4)
            directory += little(name.count, 2) + little(extra.count, 2) + [UInt8](repeating: 0, count: 10)
            directory += entry.isZip64 ? little(-1, 4) : little(place, 4)
            directory += name + extra
        }
        let (start, number) = (bytes.count, count ?? entries.count)
        bytes += directory
        if isZip64 {
            let end = bytes.count
            bytes += [0x50, 0x4B, 6, 6] + little(44, 8) + [45, 0, 45, 0] + [UInt8](repeating: 0, count: 8)
            bytes += [number, number, directory.count, start].flatMap { little($0, 8) }
            bytes += [0x50, 0x4B, 6, 7, 0, 0, 0, 0] + little(end, 8) + [1, 0, 0, 0]
        }
        let counts = isZip64 ? little(-1, 4) : little(number, 2) + little(number, 2)
        bytes += [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + counts
        bytes += isZip64 ? little(-1, 8) : little(directory.count, 4) + little(start, 4)
        return bytes + little(comment.utf8.count, 2) + Array(comment.utf8)
    }

    /// A torch file of a pickle and the bytes of its storages.
    static func torch(_ pickle: [UInt8], storages: [String: [UInt8]] = [:]) -> [UInt8] {
        zip(
            [Entry(name: "m/data.pkl", data: pickle)]
                + storages.sorted { $0.key < $1.key }.map { Entry(name: "m/data/\($0.key)", data: $0.value) })
    }

    /// A file as torch wrote before 1.6, of a pickle and one storage of four floats, "0".
    static func legacy(
        _ pickle: [UInt8], version: Int = 1001, isLittle: Bool = true, keys: [String] = ["0"], count: Int = 4
    ) -> [UInt8] {
        let magic: [UInt8] = [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]
        let system = dictionary([("protocol_version", number(version)), ("little_endian", [isLittle ? 0x88 : 0x89])])
        return [0x80, 2, 0x8A, 10] + magic + [0x2E, 0x80, 2] + number(version) + [0x2E] + system + pickle
            + [0x80, 2, 0x5D, 0x28] + keys.flatMap { text($0) } + [0x65, 0x2E] + little(count, 8)
            + (1...4).flatMap { [0, 0, 0x80, 0x3F + UInt8($0 - 1)] }
    }

    static func text(_ text: String) -> [UInt8] { [0x58] + little(text.utf8.count, 4) + Array(text.utf8) }

    static func global(_ name: String) -> [UInt8] {
        let dot = name.lastIndex(of: ".") ?? name.startIndex
        return Array("c\(name[..<dot])\n\(name[dot...].dropFirst())\n".utf8)
    }

    /// A whole number; the long form takes any.
    static func number(_ value: Int) -> [UInt8] { [0x8A, 8] + little(value, 8) }

    static func tuple(_ items: [[UInt8]]) -> [UInt8] { [0x28] + items.flatMap { $0 } + [0x74] }

    /// `_rebuild_tensor_v2` of a storage.
    static func tensor(
        key: String = "0", type: String = "torch.FloatStorage", count: Int = 4, offset: Int = 0, shape: [Int] = [2, 2],
        strides: [Int] = [2, 1], view: [UInt8]? = nil, metadata: [UInt8]? = nil
    ) -> [UInt8] {
        let parts = [text("storage"), global(type), text(key), text("cpu"), number(count)] + (view.map { [$0] } ?? [])
        let storage = tuple(parts) + [0x51]
        let arguments = [storage, number(offset), tuple(shape.map(number)), tuple(strides.map(number)), [0x89], [0x4E]]
        let more = metadata.map { [$0] } ?? []
        return global("torch._utils._rebuild_tensor_v2") + tuple(arguments + more) + [0x52]
    }

    /// A dictionary of names and pickled values, with protocol and stop.
    static func dictionary(_ pairs: [(String, [UInt8])]) -> [UInt8] {
        [0x80, 2, 0x7D, 0x28] + pairs.flatMap { text($0.0) + $0.1 } + [0x75, 0x2E]
    }
}
