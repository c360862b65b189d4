import Foundation

/// A table's rows one at a time, as the bytes of their cells: no string is made that nobody asks for.
///
/// RFC 4180, as `CSV` has it. The bytes belong to the closure of `read`.
struct CSVReader {
    private(set) var header: [String]
    let file: String
    /// The line on which the row starts, counted from 1.
    private(set) var line = 1
    private let bytes: UnsafeBufferPointer<UInt8>
    private let survey: ByteSurvey
    private var at = 0
    private var nextLine = 1
    private var firstRow = (at: 0, line: 1)
    private var cells: [Span] = []
    /// Cells with a doubled quote, without the doubling.
    private var unescaped: [UInt8] = []

    /// Where a cell lies: in the table's bytes, or in `unescaped`.
    private struct Span {
        var start: Int
        var end: Int
        var isCopy = false
    }

    /// Reads the header and calls `body`, which takes row after row with `next`.
    /// - Throws: `InputError` naming the line, as `CSV.init`, and what `body` throws.
    static func read<Result>(
        _ bytes: [UInt8], named file: String, _ body: (inout CSVReader) throws -> Result
    ) throws -> Result {
        try bytes.withUnsafeBufferPointer { bytes in
            var reader = try CSVReader(bytes, file)
            return try body(&reader)
        }
    }

    private init(_ bytes: UnsafeBufferPointer<UInt8>, _ file: String) throws {
        (self.bytes, self.file) = (bytes, file)
        header = []
        survey = ByteSurvey(bytes)
        at = ByteOrderMark.length(bytes)
        guard try record() else {
            throw InputError("the table is empty", at: file, expected: "a header line", got: "no lines")
        }
        var names: [String] = []
        var seen = Set<String>()
        for cell in cells.indices {
            let name = try text(cell)
            guard seen.insert(name).inserted else {
                throw InputError(
                    "a column appears twice", at: "\(file):\(line)", expected: "each name once", got: "'\(name)'")
            }
            names.append(name)
        }
        header = names
        firstRow = (at, nextLine)
    }

    /// No fewer rows than there are, and hardly more where no cell holds a line's end.
    var mostRows: Int {
        // A row has a byte for each cell at least, so that a file of blank lines claims no memory.
        min(survey.lineEnds + 1, bytes.count / header.count + 1)
    }

    /// Goes back to where the header was just read.
    mutating func rewind() { (at, nextLine) = firstRow }

    /// Goes to the next row; false at the end.
    /// - Throws: `InputError` with the line of a row of another width than the header, an open quote, what is no text.
    mutating func next() throws -> Bool {
        guard try record() else { return false }
        if !survey.isPlainText { for cell in cells.indices { _ = try text(cell) } }
        guard cells.count == header.count else {
            throw InputError(
                "a row has the wrong number of columns", at: "\(file):\(line)", expected: "\(header.count)",
                got: "\(cells.count)")
        }
        return true
    }

    /// The bytes of a cell of the row; valid until the next.
    func withBytes<Result>(_ cell: Int, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        let span = cells[cell]
        guard span.isCopy else {
            return try body(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: bytes[span.start..<span.end])))
        }
        return try unescaped.withUnsafeBytes {
            try body(UnsafeRawBufferPointer(rebasing: $0[span.start..<span.end]))
        }
    }

    /// A cell of the row.
    func text(_ cell: Int) throws -> String {
        try withBytes(cell) { bytes in
            guard survey.isPlainText || !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else {
                throw InputError(
                    "a cell is not text", at: "\(file):\(line)", expected: "UTF-8 without NUL bytes",
                    got: "'\(String(decoding: bytes, as: UTF8.self))'")
            }
            return text
        }
    }

    /// Takes in the next record that is no blank line; false at the end.
    private mutating func record() throws -> Bool {
        while at < bytes.count {
            line = nextLine
            cells.removeAll(keepingCapacity: true)
            unescaped.removeAll(keepingCapacity: true)
            let start = at
            var hasMore = true
            while hasMore {
                if at < bytes.count, bytes[at] == 0x22 { try quoted() } else { plain() }
                hasMore = try separator()
            }
            let isBlank = cells.count == 1 && cells[0].start == cells[0].end && bytes[start] != 0x22
            if !isBlank { return true }
        }
        return false
    }

    /// A cell without quotes, up to what ends it.
    private mutating func plain() {
        var end = at
        while true {
            end = bytes.firstIndex(below: 0x2D, from: end)
            guard end < bytes.count else { break }
            let byte = bytes[end]
            if byte == 0x2C || byte == 0x0A || byte == 0x0D { break }
            end += 1
        }
        cells.append(Span(start: at, end: end))
        at = end
    }

    /// Steps over a comma (true) or a line's end (false).
    private mutating func separator() throws -> Bool {
        guard at < bytes.count else { return false }
        switch bytes[at] {
        case 0x2C:
            at += 1
            return true
        case 0x0A, 0x0D:
            at += bytes[at] == 0x0D && at + 1 < bytes.count && bytes[at + 1] == 0x0A ? 2 : 1
            nextLine += 1
            return false
        default:
            throw InputError(
                "text follows a closing quote", at: "\(file):\(nextLine)", expected: "a comma or a line end",
                got: "'\(String(UnicodeScalar(bytes[at])))'")
        }
    }

    private mutating func quoted() throws {
        let start = at + 1
        let copy = unescaped.count
        var isCopy = false
        // What is not copied yet.
        var from = start
        at = start
        while at < bytes.count {
            if bytes[at] == 0x22 {
                guard at + 1 < bytes.count, bytes[at + 1] == 0x22 else {
                    if isCopy { unescaped.append(contentsOf: bytes[from..<at]) }
                    cells.append(
                        isCopy
                            ? Span(start: copy, end: unescaped.count, isCopy: true) : Span(start: start, end: at))
                    at += 1
                    return
                }
                isCopy = true
                unescaped.append(contentsOf: bytes[from...at])
                from = at + 2
                at += 2
                continue
            }
            if bytes[at] == 0x0A || (bytes[at] == 0x0D && (at + 1 == bytes.count || bytes[at + 1] != 0x0A)) {
                nextLine += 1
            }
            at += 1
        }
        throw InputError(
            "a quoted cell is never closed", at: "\(file):\(line)", expected: "a closing quote",
            got: "the end of the file")
    }
}
