/// A table of text: RFC 4180, a header and rows of the header's width.
public struct CSV: Sendable, Equatable {
    public let header: [String]
    public let rows: [[String]]
    /// The line on which each row starts, counted from 1.
    public let lines: [Int]

    /// Parses bytes: byte-order mark, CR, LF and CRLF, quoted commas, quotes and line ends are all understood.
    /// - Throws: `InputError` naming the line: no header, a column name twice, a row of another width, an open quote,
    ///   invalid UTF-8 or a NUL.
    public init(_ bytes: [UInt8], named file: String) throws {
        (header, rows, lines) = try CSVReader.read(bytes, named: file) { reader in
            var (rows, lines): ([[String]], [Int]) = ([], [])
            while try reader.next() {
                rows.append(try reader.header.indices.map { try reader.text($0) })
                lines.append(reader.line)
            }
            return (reader.header, rows, lines)
        }
    }

    /// The index of a column.
    public func column(_ name: String, in file: String) throws -> Int {
        try Self.column(name, of: header, in: file)
    }

    static func column(_ name: String, of header: [String], in file: String) throws -> Int {
        guard let index = header.firstIndex(of: name) else {
            let only = header.count == 1 ? header[0] : ""
            let delimiter = [";", "\t", "|"].first { only.contains($0) }
            throw InputError(
                "the table lacks a column", at: file,
                expected: "'\(name)'" + (delimiter.map { " (columns are separated by commas, not by '\($0)')" } ?? ""),
                got: header.map { "'\($0)'" }.joined(separator: ", "))
        }
        return index
    }

    /// One line of cells, quoted where needed, ending in a line feed.
    public static func line(_ cells: [String]) -> String {
        // A lone empty cell is quoted, since a blank line is no row.
        if cells == [""] { return "\"\"\n" }
        return cells.map(quoted).joined(separator: ",") + "\n"
    }

    private static func quoted(_ cell: String) -> String {
        guard cell.utf8.contains(where: { needsQuotes($0) }) else { return cell }
        // By bytes: a quote and a mark that joins it are one character, which is no quote.
        let doubled = cell.utf8.split(separator: 0x22, omittingEmptySubsequences: false).joined(separator: [0x22, 0x22])
        return "\"" + String(decoding: Array(doubled), as: UTF8.self) + "\""
    }

    /// Whether a cell with this byte must be quoted: a quote, a comma, a line's end.
    static func needsQuotes(_ byte: UInt8) -> Bool { byte == 0x22 || byte == 0x2C || byte == 0x0A || byte == 0x0D }
}
