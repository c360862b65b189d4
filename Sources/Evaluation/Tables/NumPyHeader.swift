import Foundation

/// What a `.npy` file says of its array before the values.
///
/// Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
struct NumPyHeader {
    let rows: Int
    let columns: Int
    /// What a value is.
    let kind: Kind
    /// Bytes a value: 2, 4 or 8 of a float; 1, 2, 4 or 8 of an integer; 1 of a truth value.
    let width: Int
    let isBigEndian: Bool
    /// Whether values lie column by column.
    let isByColumn: Bool
    /// Where the values begin.
    let start: Int

    /// NumPy's letters.
    enum Kind: Character {
        case float = "f"
        case signed = "i"
        case unsigned = "u"
        case bool = "b"

        var widths: [Int] {
            switch self {
            case .float: [2, 4, 8]
            case .signed, .unsigned: [1, 2, 4, 8]
            case .bool: [1]
            }
        }
    }

    /// - Throws: `InputError` unless `bytes` are a whole array of numbers with two axes.
    init(_ bytes: [UInt8], named file: String) throws {
        func refuse(_ got: String) -> InputError {
            InputError(
                "is no usable NumPy array", at: file,
                expected: "a [N, C] array of float16, float32 or float64, or of integers or bools (.npy, or .npz)",
                got: got)
        }
        guard bytes.count > 12, bytes.starts(with: [0x93] + Array("NUMPY".utf8)) else {
            throw refuse("another kind of file")
        }
        let first = bytes[6] >= 2 ? 12 : 10
        let length = bytes[8..<first].reversed().reduce(0) { $0 << 8 | Int($1) }
        guard length <= bytes.count - first else { throw refuse("a header longer than the file") }
        let header = String(decoding: bytes[first..<first + length], as: UTF8.self)
        let descr = Self.descr(header)
        guard let descr, let type = Self.type(descr) else {
            throw refuse("dtype \(descr ?? "unknown")")
        }
        (kind, width) = type
        guard let open = header.range(of: "'shape':"), let left = header[open.upperBound...].firstIndex(of: "("),
            let right = header[left...].firstIndex(of: ")")
        else { throw refuse("no shape") }
        let shape = header[header.index(after: left)..<right].split(separator: ",").map {
            Int($0.trimmingCharacters(in: .whitespaces)) ?? -1
        }
        guard shape.count == 2, shape.allSatisfy({ $0 >= 0 }) else { throw refuse("shape \(shape)") }
        guard !shape.contains(0) else { throw refuse("shape \(shape), which holds no value") }
        let (count, overflow) = shape[0].multipliedReportingOverflow(by: shape[1])
        start = first + length
        guard !overflow, count <= (bytes.count - start) / width, bytes.count - start == count * width else {
            throw refuse("\(bytes.count - start) bytes of data for shape \(shape)")
        }
        (rows, columns) = (shape[0], shape[1])
        isBigEndian = descr.hasPrefix(">")
        isByColumn = header.contains("'fortran_order': True")
    }

    /// What stands behind `descr`: a type without its quotes, or a list of fields as it is.
    private static func descr(_ header: String) -> String? {
        guard let key = header.range(of: "'descr':") else { return nil }
        let rest = header[key.upperBound...].drop { $0 == " " }
        guard rest.first == "'" else { return rest.range(of: "]").map { String(rest[..<$0.upperBound]) } }
        return rest.dropFirst().split(separator: "'", maxSplits: 1).first.map(String.init)
    }

    private static func type(_ descr: String) -> (kind: Kind, width: Int)? {
        let parts = Array(descr)
        guard parts.count == 3, "<>|=".contains(parts[0]), let kind = Kind(rawValue: parts[1]),
            let width = parts[2].wholeNumberValue, kind.widths.contains(width)
        else { return nil }
        return (kind, width)
    }
}
