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
        var parser = Parser(bytes: bytes, file: file)
        var records = try parser.records()
        guard let first = records.first else {
            throw InputError("the table is empty", at: file, expected: "a header line", got: "no lines")
        }
        records.removeFirst()
        header = first.cells
        var seen = Set<String>()
        for name in header where !seen.insert(name).inserted {
            throw InputError("a column appears twice", at: "\(file):1", expected: "each name once", got: "'\(name)'")
        }
        for record in records where record.cells.count != header.count {
            throw InputError(
                "a row has the wrong number of columns", at: "\(file):\(record.line)", expected: "\(header.count)",
                got: "\(record.cells.count)")
        }
        rows = records.map(\.cells)
        lines = records.map(\.line)
    }

    /// The index of a column.
    public func column(_ name: String, in file: String) throws -> Int {
        guard let index = header.firstIndex(of: name) else {
            throw InputError(
                "the table lacks a column", at: file, expected: "'\(name)'",
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
        guard cell.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else { return cell }
        return "\"" + cell.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    private struct Parser {
        let bytes: [UInt8]
        let file: String
        var line = 1

        mutating func records() throws -> [(cells: [String], line: Int)] {
            var records: [(cells: [String], line: Int)] = []
            var at = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
            while at < bytes.count {
                let start = line
                let (cells, next, isBlank) = try record(from: at)
                at = next
                if !isBlank { records.append((cells, start)) }
            }
            return records
        }

        /// One record, where the next begins, and whether its line was blank.
        private mutating func record(from start: Int) throws -> (cells: [String], next: Int, isBlank: Bool) {
            let firstLine = line
            var cells: [String] = []
            var cell: [UInt8] = []
            var at = start
            var quoted = false
            while true {
                guard at < bytes.count else { break }
                let byte = bytes[at]
                if byte == 0x22, cell.isEmpty, !quoted {
                    quoted = true
                    at = try readQuoted(from: at + 1, into: &cell, startLine: firstLine)
                } else if byte == 0x2C {
                    cells.append(try text(cell, firstLine))
                    cell = []
                    quoted = false
                    at += 1
                } else if byte == 0x0A || byte == 0x0D {
                    at += byte == 0x0D && at + 1 < bytes.count && bytes[at + 1] == 0x0A ? 2 : 1
                    line += 1
                    break
                } else {
                    guard !quoted else {
                        throw InputError(
                            "text follows a closing quote", at: "\(file):\(line)", expected: "a comma or a line end",
                            got: "'\(String(UnicodeScalar(byte)))'")
                    }
                    cell.append(byte)
                    at += 1
                }
            }
            let isBlank = cells.isEmpty && cell.isEmpty && !quoted
            cells.append(try text(cell, firstLine))
            return (cells, at, isBlank)
        }

        /// Reads to the closing quote; returns where it goes on.
        private mutating func readQuoted(from start: Int, into cell: inout [UInt8], startLine: Int) throws -> Int {
            var at = start
            while at < bytes.count {
                if bytes[at] == 0x22 {
                    guard at + 1 < bytes.count, bytes[at + 1] == 0x22 else { return at + 1 }
                    at += 1
                }
                if bytes[at] == 0x0A || (bytes[at] == 0x0D && (at + 1 == bytes.count || bytes[at + 1] != 0x0A)) {
                    line += 1
                }
                cell.append(bytes[at])
                at += 1
            }
            throw InputError(
                "a quoted cell is never closed", at: "\(file):\(startLine)", expected: "a closing quote",
                got: "the end of the file")
        }

        private func text(_ bytes: [UInt8], _ line: Int) throws -> String {
            guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else {
                throw InputError(
                    "a cell is not text", at: "\(file):\(line)", expected: "UTF-8 without NUL bytes",
                    got: "'\(String(decoding: bytes, as: UTF8.self))'")
            }
            return text
        }
    }
}
