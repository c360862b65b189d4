/// A small JSON reader for file headers: duplicate keys, deep nesting and trailing text are errors, numbers are whole.
enum StrictJSON {
    case object([(key: String, value: StrictJSON)])
    case array([StrictJSON])
    case string(String)
    case integer(Int)

    static let maximumDepth = 64
    /// A header's arrays are shapes and places.
    static let maximumArray = 64

    init(_ bytes: ArraySlice<UInt8>, _ file: String) throws {
        var parser = Parser(bytes: bytes, at: bytes.startIndex, file: file)
        self = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.at == bytes.endIndex else { throw parser.fail("text after the end of the header") }
    }

    subscript(key: String) -> StrictJSON? {
        guard case .object(let fields) = self else { return nil }
        return fields.first { $0.key == key }?.value
    }

    var integers: [Int]? {
        guard case .array(let values) = self else { return nil }
        let numbers = values.compactMap { value -> Int? in
            if case .integer(let number) = value { number } else { nil }
        }
        return numbers.count == values.count ? numbers : nil
    }

    var text: String? { if case .string(let text) = self { text } else { nil } }

    private struct Parser {
        let bytes: ArraySlice<UInt8>
        var at: Int
        let file: String

        func fail(_ problem: String) -> ModelFileError {
            ModelFileError(file, "has a malformed header; expected strict JSON, got \(problem) at byte \(at)")
        }

        mutating func skipSpace() {
            while at < bytes.endIndex, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[at]) { at += 1 }
        }

        mutating func take(_ byte: Character) throws {
            skipSpace()
            guard at < bytes.endIndex, bytes[at] == byte.asciiValue else { throw fail("no '\(byte)'") }
            at += 1
        }

        mutating func next(is byte: Character) -> Bool {
            skipSpace()
            return at < bytes.endIndex && bytes[at] == byte.asciiValue
        }

        mutating func value(depth: Int) throws -> StrictJSON {
            guard depth < StrictJSON.maximumDepth else { throw fail("nesting deeper than \(StrictJSON.maximumDepth)") }
            if next(is: "{") { return try object(depth: depth) }
            if next(is: "[") {
                try take("[")
                var values: [StrictJSON] = []
                while !next(is: "]") {
                    if !values.isEmpty { try take(",") }
                    guard values.count < StrictJSON.maximumArray else {
                        throw fail("an array of more than \(StrictJSON.maximumArray) values")
                    }
                    values.append(try value(depth: depth + 1))
                }
                try take("]")
                return .array(values)
            }
            if next(is: "\"") { return .string(try string()) }
            var digits = ""
            while at < bytes.endIndex, (0x30...0x39).contains(bytes[at]) || bytes[at] == 0x2D {
                digits.unicodeScalars.append(Unicode.Scalar(bytes[at]))
                at += 1
            }
            // The standard has no zeros in front.
            guard let number = Int(digits), digits == String(number) || digits == "-0" else {
                throw fail("no whole number")
            }
            return .integer(number)
        }

        private mutating func object(depth: Int) throws -> StrictJSON {
            try take("{")
            var fields: [(key: String, value: StrictJSON)] = []
            var seen = Set<String>()
            while !next(is: "}") {
                if !fields.isEmpty { try take(",") }
                skipSpace()
                let key = try string()
                guard seen.insert(key).inserted else { throw fail("the key \(key.quoted) twice") }
                try take(":")
                fields.append((key, try value(depth: depth + 1)))
            }
            try take("}")
            return .object(fields)
        }

        private mutating func string() throws -> String {
            try take("\"")
            var text: [UInt8] = []
            while at < bytes.endIndex, bytes[at] != 0x22 {
                guard bytes[at] >= 0x20 else { throw fail("a control character") }
                if bytes[at] == 0x5C {
                    text += try escape()
                } else {
                    text.append(bytes[at])
                    at += 1
                }
            }
            try take("\"")
            guard let string = String(validating: text, as: UTF8.self) else { throw fail("invalid UTF-8") }
            return string
        }

        private mutating func escape() throws -> [UInt8] {
            guard at + 1 < bytes.endIndex else { throw fail("an unfinished escape") }
            let kind = bytes[at + 1]
            at += 2
            let simple: [UInt8: UInt8] = [
                0x22: 0x22, 0x5C: 0x5C, 0x2F: 0x2F, 0x62: 8, 0x66: 12, 0x6E: 10, 0x72: 13, 0x74: 9,
            ]
            if let byte = simple[kind] { return [byte] }
            guard kind == 0x75 else { throw fail("an unknown escape") }
            func unit() throws -> UInt32 {
                guard at + 4 <= bytes.endIndex else { throw fail("a bad \\u escape") }
                var code: UInt32 = 0
                for byte in bytes[at..<at + 4] {
                    guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                        throw fail("a bad \\u escape")
                    }
                    code = code << 4 | UInt32(digit)
                }
                at += 4
                return code
            }
            var code = try unit()
            if (0xD800..<0xDC00).contains(code), at + 6 <= bytes.endIndex, bytes[at] == 0x5C, bytes[at + 1] == 0x75 {
                at += 2
                let low = try unit()
                guard (0xDC00..<0xE000).contains(low) else { throw fail("half a surrogate pair") }
                code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw fail("half a surrogate pair") }
            return Array(String(Character(scalar)).utf8)
        }
    }
}
