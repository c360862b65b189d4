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
}
