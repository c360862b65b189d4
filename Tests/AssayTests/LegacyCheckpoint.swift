import Foundation
import Neural

/// What `torch.save(state, file, _use_new_zipfile_serialization=False)` writes, in its simplest form.
enum LegacyCheckpoint {
    static func bytes(_ state: StateDictionary) -> [UInt8] {
        let names = state.keys.sorted()
        var object = header + call("collections.OrderedDict", [0x29]) + [0x28]
        for (key, name) in names.enumerated() {
            guard let tensor = state[name] else { continue }
            let strides = tensor.shape.indices.map { tensor.shape[($0 + 1)...].reduce(1, *) }
            let storage =
                [0x28] + text("storage") + global("torch.FloatStorage") + text("\(key)") + text("cpu")
                + number(tensor.values.count) + [0x4E, 0x74, 0x51]
            let arguments =
                [0x28] + storage + number(0) + tuple(tensor.shape) + tuple(strides) + [0x89]
                + call("collections.OrderedDict", [0x29]) + [0x74]
            object += text(name) + call("torch._utils._rebuild_tensor_v2", arguments)
        }
        let magic: [UInt8] = [0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]
        var bytes = header + magic + [0x2E] + header + number(1001) + [0x2E] + header + [0x7D, 0x2E]
        bytes += object + [0x75, 0x2E] + header + [0x5D, 0x28]
        bytes += names.indices.flatMap { text("\($0)") } + [0x65, 0x2E]
        for name in names {
            let values = state[name]?.values ?? []
            bytes += little(values.count, 8)
            values.withUnsafeBytes { bytes += $0 }
        }
        return bytes
    }

    private static let header: [UInt8] = [0x80, 2]

    private static func little(_ value: Int, _ width: Int) -> [UInt8] {
        (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private static func text(_ text: String) -> [UInt8] { [0x58] + little(text.utf8.count, 4) + Array(text.utf8) }

    private static func number(_ value: Int) -> [UInt8] { [0x4A] + little(value, 4) }

    private static func tuple(_ values: [Int]) -> [UInt8] { [0x28] + values.flatMap(number) + [0x74] }

    private static func global(_ name: String) -> [UInt8] {
        let parts = name.split(separator: ".")
        return Array("c\(parts.dropLast().joined(separator: "."))\n\(parts.last ?? "")\n".utf8)
    }

    private static func call(_ name: String, _ arguments: [UInt8]) -> [UInt8] { global(name) + arguments + [0x52] }
}
