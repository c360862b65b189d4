import Foundation

/// A two-dimensional array from a `.npy` file, or from the one array of a `.npz` that was not compressed.
///
/// Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
public struct NumPyArray: Sendable, Equatable {
    public let rows: Int
    public let columns: Int
    /// Row-major.
    public let values: [Double]

    /// - Throws: `InputError` unless it is a whole array of 32- or 64-bit floats with two axes.
    public init(_ bytes: [UInt8], named file: String) throws {
        let bytes = bytes.starts(with: [0x50, 0x4B, 3, 4]) ? try Self.storedEntry(bytes, file) : bytes
        func refuse(_ got: String) -> InputError {
            InputError(
                "is no usable NumPy array", at: file,
                expected: "a [N, C] array of float32 or float64 (.npy, or .npz by np.savez)", got: got)
        }
        guard bytes.count > 12, bytes.starts(with: [0x93] + Array("NUMPY".utf8)) else {
            throw refuse("another kind of file")
        }
        let wide = bytes[6] >= 2
        let start = wide ? 12 : 10
        let length = bytes[8..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
        guard length < bytes.count - start else { throw refuse("a header longer than the file") }
        let header = String(decoding: bytes[start..<start + length], as: UTF8.self)
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
        let width = kind.hasSuffix("4") ? 4 : 8
        let (count, overflow) = shape[0].multipliedReportingOverflow(by: shape[1])
        let data = start + length
        guard !overflow, count <= (bytes.count - data) / width, bytes.count - data == count * width else {
            throw refuse("\(bytes.count - data) bytes of data for shape \(shape)")
        }
        let isBig = kind.hasPrefix(">")
        let byColumns = header.contains("'fortran_order': True")
        rows = shape[0]
        columns = shape[1]
        let (rows, columns) = (rows, columns)
        values = bytes.withUnsafeBytes { raw in
            (0..<count).map { index in
                let at = byColumns ? index % columns * rows + index / columns : index
                let offset = data + at * width
                if width == 4 {
                    let bits = raw.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
                    return Double(Float(bitPattern: isBig ? UInt32(bigEndian: bits) : UInt32(littleEndian: bits)))
                }
                let bits = raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                return Double(bitPattern: isBig ? UInt64(bigEndian: bits) : UInt64(littleEndian: bits))
            }
        }
    }

    private static func field(_ name: String, _ header: String) -> String? {
        guard let key = header.range(of: "'\(name)': '") else { return nil }
        return header[key.upperBound...].split(separator: "'", maxSplits: 1).first.map(String.init)
    }

    /// The single stored entry of a zip archive.
    private static func storedEntry(_ bytes: [UInt8], _ file: String) throws -> [UInt8] {
        func number(_ at: Int, _ width: Int) -> Int? {
            guard at >= 0, at + width <= bytes.count else { return nil }
            return bytes[at..<at + width].reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        func refuse(_ got: String) -> InputError {
            InputError("is no usable .npz", at: file, expected: "one array, saved by np.savez", got: got)
        }
        // The end record, which a comment of at most 65,535 bytes may follow.
        let lowest = max(0, bytes.count - 65_557)
        guard bytes.count >= 22,
            let end = stride(from: bytes.count - 22, through: lowest, by: -1).first(where: {
                number($0, 4) == 0x0605_4B50
            }),
            let entries = number(end + 10, 2), let directory = number(end + 16, 4)
        else { throw refuse("no zip directory") }
        guard entries == 1, number(directory, 4) == 0x0201_4B50 else { throw refuse("\(entries) arrays") }
        guard number(directory + 10, 2) == 0 else { throw refuse("a compressed one (np.savez_compressed)") }
        guard let size = number(directory + 24, 4), let local = number(directory + 42, 4),
            number(local, 4) == 0x0403_4B50,
            let name = number(local + 26, 2), let extra = number(local + 28, 2), size < 0xFFFF_FFFF
        else { throw refuse("a damaged or very large archive") }
        let start = local + 30 + name + extra
        guard start <= bytes.count, size <= bytes.count - start else {
            throw refuse("an entry beyond the end of the file")
        }
        return Array(bytes[start..<start + size])
    }
}

extension Predictions {
    /// Reads `[N, C]` scores with the image names and the labels each in a text file, one a line.
    /// - Throws: `InputError` if counts disagree or a value is out of range, with its row and column.
    public static func readArray(_ path: String, names: String, vocab: String, areLogits: Bool = false) throws -> Scores
    {
        let array = try NumPyArray(FileBytes.read(path), named: path)
        let (nameFile, labelFile) = (names, vocab)
        let (names, labels) = (try lines(nameFile), try lines(labelFile))
        try UniqueNames.check(names, "image name") { "\(nameFile):\($0 + 1)" }
        try UniqueNames.check(labels, "label") { "\(labelFile):\($0 + 1)" }
        guard array.rows == names.count, array.columns == labels.count else {
            throw InputError(
                "the array does not fit its names and labels", at: path, expected: "[\(names.count), \(labels.count)]",
                got: "[\(array.rows), \(array.columns)]")
        }
        let isUsable: (Double) -> Bool = areLogits ? { $0.isFinite } : { (0...1).contains($0) }
        if let at = array.values.firstIndex(where: { !isUsable($0) }) {
            let (row, column) = at.quotientAndRemainder(dividingBy: labels.count)
            throw InputError(
                "a prediction cannot be used",
                at: "\(path), row \(row + 1) '\(names[row])', column \(column + 1) '\(labels[column])'",
                expected: areLogits ? "a finite number" : "a probability from 0 to 1", got: "\(array.values[at])")
        }
        return areLogits
            ? try Logits(names: names, labels: labels, values: array.values).scores()
            : try Scores(names: names, labels: labels, values: array.values)
    }

    /// The lines of a text file, without empty ones at the end.
    public static func lines(_ path: String) throws -> [String] {
        let bytes = try FileBytes.read(path)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw InputError("is not text", at: path, expected: "UTF-8, one name a line", got: "other bytes")
        }
        var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
        while lines.last?.isEmpty == true { lines.removeLast() }
        guard !lines.isEmpty else {
            throw InputError("is empty", at: path, expected: "one name a line", got: "no lines")
        }
        return lines
    }
}
