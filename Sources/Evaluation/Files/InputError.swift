/// What a person must read when input cannot be used: one line saying what, where, expected and got.
///
/// Every room above Evaluation throws this for bad files and values; the command line prints `description` and exits 2.
public struct InputError: Error, CustomStringConvertible, Equatable, Sendable {
    public let what: String
    public let location: String?
    public let expected: String?
    public let got: String?

    public init(_ what: String, at location: String? = nil, expected: String? = nil, got: String? = nil) {
        self.what = what
        self.location = location
        self.expected = expected
        self.got = got
    }

    public var description: String {
        var line = location.map { "\($0.isEmpty ? "''" : $0): \(what)" } ?? what
        if let expected { line += "; expected \(Self.cut(expected))" }
        if let got { line += "; got \(Self.cut(got))" }
        return line.singleLine
    }

    /// A vocab of a thousand labels or a cell of a megabyte says no more than its beginning.
    private static func cut(_ text: String) -> String {
        text.count > 300 ? "\(text.prefix(300))…" : text
    }
}

extension String {
    /// The string with control characters escaped, so that a hostile name cannot break a line or drive a terminal.
    public var singleLine: String {
        var result = ""
        for scalar in unicodeScalars {
            switch scalar.value {
            case 0x0A: result += "\\n"
            case 0x0D: result += "\\r"
            case 0x09: result += "\\t"
            case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069:
                result += "\\u{\(String(scalar.value, radix: 16))}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
