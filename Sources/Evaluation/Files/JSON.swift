import Foundation

/// A JSON value that writes undefined numbers as null; keys sorted, so that equal values are equal bytes.
public indirect enum JSON: Encodable, Sendable {
    case object([String: JSON])
    case array([JSON])
    case string(String)
    case integer(Int)
    case number(Double?)
    case bool(Bool)
    case null

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .object(let fields): try container.encode(fields)
        case .array(let values): try container.encode(values)
        case .string(let text): try container.encode(text)
        case .integer(let value): try container.encode(value)
        case .number(let value?) where value.isFinite: try container.encode(value)
        case .bool(let value): try container.encode(value)
        case .number, .null: try container.encodeNil()
        }
    }

    /// Indented text.
    public func text() throws -> String { try Self.text(self) }

    /// Any value as JSON with sorted snake_case keys (dictionaries keep theirs), indented unless `compact`.
    public static func text(_ value: some Encodable, compact: Bool = false) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if !compact { encoder.outputFormatting.insert(.prettyPrinted) }
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// Reads what `text` wrote.
    public static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(type, from: Data(bytes))
    }
}
