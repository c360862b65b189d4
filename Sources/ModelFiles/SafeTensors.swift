import Neural

/// The safetensors format: an 8-byte little-endian header length, a JSON header, then the data.
public enum SafeTensors {
    static let maximumHeader = 100_000_000

    /// Reads tensors as floats (F64, F16, BF16, I64, I32, U8 and BOOL are converted) and the metadata.
    /// - Throws: `ModelFileError` unless the offsets cover the data exactly, without hole or overlap.
    public static func read(
        _ bytes: [UInt8], named file: String
    ) throws -> (tensors: StateDictionary, metadata: [String: String]) {
        guard bytes.count >= 8 else {
            throw ModelFileError(file, "is no safetensors file; expected at least 8 bytes, got \(bytes.count)")
        }
        let length = bytes[0..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= UInt64(maximumHeader), Int(length) <= bytes.count - 8 else {
            throw ModelFileError(
                file,
                "is no whole safetensors file; expected a header of at most \(min(maximumHeader, bytes.count - 8)) bytes, got \(length)"
            )
        }
        let start = 8 + Int(length)
        guard bytes[8..<start].first == UInt8(ascii: "{"),
            case .object(let fields) = try StrictJSON(bytes[8..<start], file)
        else { throw ModelFileError(file, "is no safetensors file; expected a header that starts with {") }
        var tensors: StateDictionary = [:]
        var metadata: [String: String] = [:]
        var spans: [(begin: Int, end: Int, name: String)] = []
        for (name, value) in fields {
            if name == "__metadata__" {
                guard case .object(let entries) = value else {
                    throw ModelFileError(file, "has malformed metadata; expected text values")
                }
                for (key, value) in entries {
                    guard let text = value.text else {
                        throw ModelFileError(file, "has malformed metadata; expected text for \(key.quoted)")
                    }
                    metadata[key] = text
                }
                continue
            }
            let (tensor, begin, end) = try self.tensor(name, value, bytes, start, file)
            tensors[name] = tensor
            spans.append((begin, end, name))
        }
        var at = 0
        for span in spans.sorted(by: { ($0.begin, $0.end) < ($1.begin, $1.end) }) {
            guard span.begin == at else {
                throw ModelFileError(
                    file,
                    "has a hole or an overlap before \(span.name.quoted); expected offset \(at), got \(span.begin)")
            }
            at = span.end
        }
        guard start + at == bytes.count else {
            throw ModelFileError(file, "has the wrong length; expected \(start + at) bytes, got \(bytes.count)")
        }
        return (tensors, metadata)
    }

    private static func tensor(
        _ name: String, _ value: StrictJSON, _ bytes: [UInt8], _ start: Int, _ file: String
    ) throws -> (NamedTensor, Int, Int) {
        guard let type = value["dtype"]?.text, let shape = value["shape"]?.integers,
            let offsets = value["data_offsets"]?.integers, offsets.count == 2, shape.allSatisfy({ $0 >= 0 })
        else { throw ModelFileError(file, "describes \(name.quoted) badly; expected dtype, shape and data_offsets") }
        guard let element = ElementType(rawValue: type) else {
            throw ModelFileError(file, "stores \(name.quoted) as \(type.quoted); expected one of \(ElementType.names)")
        }
        var size = element.width
        for dimension in shape {
            let (product, overflow) = size.multipliedReportingOverflow(by: dimension)
            guard !overflow else { throw ModelFileError(file, "describes \(name.quoted) badly: its size overflows") }
            size = product
        }
        let (begin, end) = (offsets[0], offsets[1])
        guard begin >= 0, end >= begin, end <= bytes.count - start, end - begin == size else {
            throw ModelFileError(
                file, "describes \(name.quoted) badly; expected \(size) bytes inside the data, got \(begin)..<\(end)")
        }
        return (NamedTensor(shape: shape, values: element.floats(bytes[start + begin..<start + end])), begin, end)
    }

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

/// How a file stores numbers, and how they become floats.
enum ElementType: String, CaseIterable {
    case f64 = "F64"
    case f32 = "F32"
    case f16 = "F16"
    case bf16 = "BF16"
    case i64 = "I64"
    case i32 = "I32"
    case u8 = "U8"
    case bool = "BOOL"

    static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }

    var width: Int {
        switch self {
        case .f64, .i64: 8
        case .f32, .i32: 4
        case .f16, .bf16: 2
        case .u8, .bool: 1
        }
    }

    /// Little-endian bytes, a whole number of elements.
    func floats(_ bytes: ArraySlice<UInt8>) -> [Float] {
        let count = bytes.count / width
        return bytes.withUnsafeBytes { raw in
            [Float](unsafeUninitializedCapacity: count) { result, filled in
                func load<T: FixedWidthInteger>(_ index: Int, _: T.Type) -> T {
                    T(littleEndian: raw.loadUnaligned(fromByteOffset: index * width, as: T.self))
                }
                for i in 0..<count {
                    switch self {
                    case .f64: result[i] = Float(Double(bitPattern: load(i, UInt64.self)))
                    case .f32: result[i] = Float(bitPattern: load(i, UInt32.self))
                    case .f16: result[i] = Self.half(load(i, UInt16.self))
                    case .bf16: result[i] = Float(bitPattern: UInt32(load(i, UInt16.self)) << 16)
                    case .i64: result[i] = Float(load(i, Int64.self))
                    case .i32: result[i] = Float(load(i, Int32.self))
                    case .u8, .bool: result[i] = Float(load(i, UInt8.self))
                    }
                }
                filled = count
            }
        }
    }

    /// IEEE 754 binary16.
    static func half(_ bits: UInt16) -> Float {
        let sign: Float = bits >> 15 == 1 ? -1 : 1
        let (exponent, fraction) = (Int(bits >> 10 & 31), Float(bits & 1023))
        if exponent == 31 { return fraction == 0 ? sign * .infinity : .nan }
        if exponent == 0 { return sign * fraction * 0x1p-24 }
        return sign * (1024 + fraction) * Float(sign: .plus, exponent: exponent - 25, significand: 1)
    }
}
