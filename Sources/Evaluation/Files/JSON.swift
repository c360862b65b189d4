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

    /// What a decoder met where it could not go on, in the file's own words: "no 'batch_size'".
    public static func complaint(_ error: DecodingError) -> String {
        func name(_ path: [any CodingKey]) -> String {
            let words = path.map { key in key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)" }.joined()
            let name = words.drop { $0 == "." }.map { $0.isUppercase ? "_\($0.lowercased())" : String($0) }.joined()
            return path.isEmpty ? "the whole" : "'\(name)'"
        }
        switch error {
        case .keyNotFound(let key, let context): return "no \(name(context.codingPath + [key]))"
        case .valueNotFound(_, let context): return "null for \(name(context.codingPath))"
        case .typeMismatch(let type, let context): return "\(name(context.codingPath)) that is no \(type)"
        case .dataCorrupted(let context): return "\(name(context.codingPath)) of another kind"
        @unknown default: return "other JSON or text"
        }
    }

    /// Reads what `text` wrote.
    public static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(type, from: Data(bytes))
    }
}
