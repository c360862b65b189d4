/// The bytes of a pickle, taken from front to end.
struct PickleBytes {
    private let bytes: ArraySlice<UInt8>
    private let file: String
    private(set) var at: Int

    init(_ bytes: ArraySlice<UInt8>, named file: String) {
        (self.bytes, self.file, at) = (bytes, file, bytes.startIndex)
    }

    /// How many are taken.
    var count: Int { at - bytes.startIndex }

    func fail(_ problem: String) -> ModelFileError {
        ModelFileError(file, "its pickle cannot be read; expected tensors and plain values, got \(problem)")
    }

    mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
        guard count <= bytes.endIndex - at else { throw fail("an end in the middle") }
        defer { at += count }
        return bytes[at..<at + count]
    }

    /// A little-endian number of up to 8 bytes.
    mutating func number(_ width: Int) throws -> Int {
        let value = try take(width).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard let number = Int(exactly: value) else { throw fail("a length beyond the end") }
        return number
    }

    /// LONG1: two's complement of any length; more than 64 bits stay bytes.
    mutating func long() throws -> PickleValue {
        let digits = try take(number(1))
        guard digits.count <= 8 else { return .bytes(Array(digits)) }
        let sign: Int = (digits.last ?? 0) >= 0x80 ? -1 : 0
        return .integer(digits.reversed().reduce(sign) { $0 << 8 | Int($1) })
    }

    mutating func text(_ length: Int) throws -> String {
        guard let text = String(validating: try take(length), as: UTF8.self) else {
            throw fail("text that is not UTF-8")
        }
        return text
    }

    mutating func line() throws -> String {
        guard let end = bytes[at...].firstIndex(of: 0x0A) else { throw fail("an end in the middle") }
        let name = try text(end - at)
        at += 1
        return name
    }
}
