import Neural

extension SafeTensors {
    /// Writes tensors as F32 in the order of their names: equal tensors are equal bytes.
    public static func write(_ tensors: StateDictionary, metadata: [String: String] = [:]) -> [UInt8] {
        let (names, head, length) = layout(tensors, metadata)
        var bytes = head
        bytes.reserveCapacity(head.count + length)
        for name in names { tensors[name]?.values.withUnsafeBytes { bytes += $0 } }
        return bytes
    }

    /// The same bytes piece by piece, so that they are never all in memory beside the tensors.
    public static func write(
        _ tensors: StateDictionary, metadata: [String: String] = [:],
        to body: (UnsafeRawBufferPointer) throws -> Void
    ) rethrows {
        let (names, head, _) = layout(tensors, metadata)
        try head.withUnsafeBytes(body)
        for name in names { try tensors[name]?.values.withUnsafeBytes(body) }
    }

    /// The tensors in the file's order, what stands before them, and their bytes.
    private static func layout(
        _ tensors: StateDictionary, _ metadata: [String: String]
    ) -> (names: [String], head: [UInt8], length: Int) {
        let names = tensors.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        var entries: [String] = []
        if !metadata.isEmpty {
            let pairs = metadata.keys.sorted().map { "\(quoted($0)):\(quoted(metadata[$0] ?? ""))" }
            entries.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
        }
        var at = 0
        for name in names {
            guard let tensor = tensors[name] else { continue }
            let shape = tensor.shape.map(String.init).joined(separator: ",")
            let end = at + 4 * tensor.values.count
            entries.append("\(quoted(name)):{\"dtype\":\"F32\",\"shape\":[\(shape)],\"data_offsets\":[\(at),\(end)]}")
            at = end
        }
        var header = Array("{\(entries.joined(separator: ","))}".utf8)
        while header.count % 8 != 0 { header.append(0x20) }
        let size = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
        return (names, size + header, at)
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where scalar.value < 0x20:
                let hex = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
