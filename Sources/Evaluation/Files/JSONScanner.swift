/// JSON read from its bytes value by value, for files whose arrays are too long for objects: what is not asked for is only
/// skipped. Whatever is no JSON, or another value than asked for, throws.
struct JSONScanner {
    struct Unexpected: Error {}

    private let bytes: UnsafeRawBufferPointer
    private(set) var at = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// The next byte that is no blank; 0 at the end.
    private mutating func peek() -> UInt8 {
        while at < bytes.count {
            let byte = bytes[at]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
            at += 1
        }
        return 0
    }

    /// Goes past a byte if it comes next.
    mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        at += 1
        return true
    }

    mutating func require(_ byte: UInt8) throws { if !take(byte) { throw Unexpected() } }

    /// Nothing but blanks is left.
    mutating func requireEnd() throws { if peek() != 0 || at < bytes.count { throw Unexpected() } }

    /// Goes past a null if one comes next.
    mutating func takeNull() throws -> Bool {
        guard peek() == 0x6E else { return false }
        _ = try word()
        return true
    }

    /// An array; `body` reads one value each time it is called.
    mutating func array(_ body: (inout JSONScanner) throws -> Void) throws {
        try require(0x5B)
        if take(0x5D) { return }
        repeat { try body(&self) } while take(0x2C)
        try require(0x5D)
    }

    /// An object; `body` reads the value of each key.
    mutating func object(_ body: (inout JSONScanner, UnsafeRawBufferPointer) throws -> Void) throws {
        try require(0x7B)
        if take(0x7D) { return }
        repeat {
            let key = try rawString()
            try require(0x3A)
            try body(&self, key)
        } while take(0x2C)
        try require(0x7D)
    }

    mutating func number() throws -> Double {
        _ = peek()
        let start = at
        while at < bytes.count, Self.isOfNumber(bytes[at]) { at += 1 }
        guard let value = DecimalNumber.parse(UnsafeRawBufferPointer(rebasing: bytes[start..<at])) else {
            throw Unexpected()
        }
        return value
    }

    /// A whole number that is not negative.
    mutating func index() throws -> Int {
        _ = peek()
        let start = at
        var value = 0
        while at < bytes.count, at - start < 18 {
            let digit = bytes[at] &- 0x30
            guard digit < 10 else { break }
            value = value * 10 + Int(digit)
            at += 1
        }
        guard at > start, at == bytes.count || !Self.isOfNumber(bytes[at]) else { throw Unexpected() }
        return value
    }

    /// Digits, signs, point and exponent.
    private static func isOfNumber(_ byte: UInt8) -> Bool {
        byte &- 0x30 < 10 || byte == 0x2E || byte == 0x2D || byte == 0x2B || byte | 0x20 == 0x65
    }

    /// A string's bytes, escapes undone.
    mutating func withString<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) throws -> Result {
        _ = peek()
        let start = at
        let raw = try rawString()
        guard raw.contains(0x5C) else { return try body(raw) }
        let text = try JSON.decode([String].self, from: [0x5B] + Array(bytes[start..<at]) + [0x5D])[0]
        return try Array(text.utf8).withUnsafeBytes(body)
    }

    /// What stands between the quotes.
    private mutating func rawString() throws -> UnsafeRawBufferPointer {
        try require(0x22)
        let start = at
        while at < bytes.count, bytes[at] != 0x22 { at += bytes[at] == 0x5C ? 2 : 1 }
        guard at < bytes.count else { throw Unexpected() }
        at += 1
        return UnsafeRawBufferPointer(rebasing: bytes[start..<at - 1])
    }

    /// `true`, `false`, `null` or a number, unread.
    private mutating func word() throws -> UnsafeRawBufferPointer {
        _ = peek()
        let start = at
        while at < bytes.count, Self.isOfNumber(bytes[at]) || (0x61...0x7A).contains(bytes[at]) { at += 1 }
        guard at > start else { throw Unexpected() }
        return UnsafeRawBufferPointer(rebasing: bytes[start..<at])
    }

    /// Goes past any value; its bytes.
    mutating func skip() throws -> UnsafeRawBufferPointer {
        _ = peek()
        let start = at
        var depth = 0
        repeat {
            switch peek() {
            case 0x7B, 0x5B:
                depth += 1
                at += 1
            case 0x7D, 0x5D:
                depth -= 1
                at += 1
            case 0x2C, 0x3A:
                guard depth > 0 else { throw Unexpected() }
                at += 1
            case 0x22: _ = try rawString()
            default: _ = try word()
            }
        } while depth > 0
        return UnsafeRawBufferPointer(rebasing: bytes[start..<at])
    }
}
