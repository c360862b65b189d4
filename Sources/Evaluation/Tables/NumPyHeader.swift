import Foundation

/// What a `.npy` file says of its array before the values.
///
/// Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
struct NumPyHeader {
    let rows: Int
    let columns: Int
    /// Bytes a value: 4 or 8.
    let width: Int
    let isBigEndian: Bool
    /// Whether values lie column by column.
    let isByColumn: Bool
    /// Where the values begin.
    let start: Int

    /// - Throws: `InputError` unless `bytes` are a whole array of 32- or 64-bit floats with two axes.
    init(_ bytes: [UInt8], named file: String) throws {
        func refuse(_ got: String) -> InputError {
            InputError(
                "is no usable NumPy array", at: file,
                expected: "a [N, C] array of float32 or float64 (.npy, or .npz)", got: got)
        }
        guard bytes.count > 12, bytes.starts(with: [0x93] + Array("NUMPY".utf8)) else {
            throw refuse("another kind of file")
        }
        let first = bytes[6] >= 2 ? 12 : 10
        let length = bytes[8..<first].reversed().reduce(0) { $0 << 8 | Int($1) }
        guard length < bytes.count - first else { throw refuse("a header longer than the file") }
        let header = String(decoding: bytes[first..<first + length], as: UTF8.self)
        guard let kind = Self.field("descr", header), ["<f4", "<f8", ">f4", ">f8"].contains(kind) else {
            throw refuse("dtype \(Self.field("descr", header) ?? "unknown")")
        }
        guard let open = header.range(of: "'shape':"), let left = header[open.upperBound...].firstIndex(of: "("),
            let right = header[left...].firstIndex(of: ")")
        else { throw refuse("no shape") }
        let shape = header[header.index(after: left)..<right].split(separator: ",").map {
            Int($0.trimmingCharacters(in: .whitespaces)) ?? -1
        }
        guard shape.count == 2, shape.allSatisfy({ $0 >= 0 }) else { throw refuse("shape \(shape)") }
        width = kind.hasSuffix("4") ? 4 : 8
        let (count, overflow) = shape[0].multipliedReportingOverflow(by: shape[1])
        start = first + length
        guard !overflow, count <= (bytes.count - start) / width, bytes.count - start == count * width else {
            throw refuse("\(bytes.count - start) bytes of data for shape \(shape)")
        }
        (rows, columns) = (shape[0], shape[1])
        isBigEndian = kind.hasPrefix(">")
        isByColumn = header.contains("'fortran_order': True")
    }

    private static func field(_ name: String, _ header: String) -> String? {
        guard let key = header.range(of: "'\(name)': '") else { return nil }
        return header[key.upperBound...].split(separator: "'", maxSplits: 1).first.map(String.init)
    }
}
