import Foundation

extension LabelTable {
    /// The names of the columns and what separates labels.
    public struct Format: Sendable {
        public var nameColumn = "fname"
        public var labelsColumn = "labels"
        public var validColumn = "is_valid"
        public var delimiter = ";"

        public init() {}
    }

    /// Reads a labels CSV.
    /// - Throws: `InputError` with the line: missing columns, a name that leaves the folder, one name with two label
    ///   sets, an `is_valid` that is no truth value, no rows.
    public static func read(_ path: String, format: Format = Format()) throws -> LabelTable {
        try parse(FileBytes.read(path), named: path, format: format)
    }

    public static func parse(_ bytes: [UInt8], named file: String, format: Format = Format()) throws -> LabelTable {
        guard !format.delimiter.isEmpty else {
            throw InputError("the label delimiter is empty", expected: "for example ;")
        }
        return try CSVReader.read(bytes, named: file) { reader in
            var parser = try LabelTableParser(reader.header, file, format)
            while try reader.next() { try parser.add(reader) }
            return LabelTable(rows: try parser.rows(), source: file)
        }
    }
}

/// A label table in the making, from the cells' bytes.
private struct LabelTableParser {
    private let file: String
    private let name: Int
    private let labels: Int
    private let valid: Int?
    private let delimiter: [UInt8]
    private var names = NameIndex()
    /// Labels as they are written, in the order of their first rows.
    private var written = NameIndex()
    private var sets: [UInt32] = []
    private var ends: [Int] = []
    private var validity: [UInt8] = []

    init(_ header: [String], _ file: String, _ format: LabelTable.Format) throws {
        self.file = file
        name = try CSV.column(format.nameColumn, of: header, in: file)
        labels = try CSV.column(format.labelsColumn, of: header, in: file)
        valid = header.firstIndex(of: format.validColumn)
        delimiter = Array(format.delimiter.utf8)
    }

    mutating func add(_ row: CSVReader) throws {
        let start = sets.count
        row.withBytes(labels) { addLabels($0) }
        let isValid = try valid.map { column -> UInt8 in
            try Self.truthValue(row.text(column), at: "\(file):\(row.line)") ? 1 : 0
        }
        let (place, isNew) = try row.withBytes(name) { bytes in
            guard LabelTable.staysInside(bytes) else {
                throw InputError(
                    "an image name leaves the image folder", at: "\(file):\(row.line)",
                    expected: "a relative path inside it", got: "'\(String(decoding: bytes, as: UTF8.self))'")
            }
            return names.insert(bytes)
        }
        guard !isNew else {
            ends.append(sets.count)
            if let isValid { validity.append(isValid) }
            return
        }
        let earlier = sets[(place == 0 ? 0 : ends[place - 1])..<ends[place]]
        guard Set(earlier) == Set(sets[start...]), isValid.map({ validity[place] == $0 }) ?? true else {
            throw InputError(
                "an image has two label sets", at: "\(file):\(row.line)",
                expected: "one row for '\(names.names[place])'",
                got: "'\(text(earlier))' and '\(text(sets[start...]))'")
        }
        sets.removeLast(sets.count - start)
    }

    /// Splits a cell at the delimiters, without the blanks around labels and without empty ones; each once.
    private mutating func addLabels(_ cell: UnsafeRawBufferPointer) {
        let start = sets.count
        var from = 0
        while from <= cell.count {
            var end = from
            while end < cell.count, !isDelimiter(cell, end) { end += 1 }
            let label = Self.trimmed(UnsafeRawBufferPointer(rebasing: cell[from..<end]))
            if !label.isEmpty {
                let number = UInt32(written.insert(label).place)
                if !sets[start...].contains(number) { sets.append(number) }
            }
            from = end + delimiter.count
        }
    }

    private func isDelimiter(_ cell: UnsafeRawBufferPointer, _ at: Int) -> Bool {
        guard cell[at] == delimiter[0], cell.count - at >= delimiter.count else { return false }
        return delimiter.count == 1 || cell[at..<at + delimiter.count].elementsEqual(delimiter)
    }

    /// Without the blanks of any alphabet at either end.
    private static func trimmed(_ label: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
        var part = label[...]
        while let first = part.first, isBlank(first) { part.removeFirst() }
        while let last = part.last, isBlank(last) { part.removeLast() }
        if let first = part.first, let last = part.last, first >= 0x80 || last >= 0x80 {
            let scalars = String(decoding: part, as: UTF8.self).unicodeScalars
            let before = scalars.prefix(while: CharacterSet.whitespaces.contains)
            let after = scalars.dropFirst(before.count).reversed().prefix(while: CharacterSet.whitespaces.contains)
            func size(_ blanks: some Sequence<Unicode.Scalar>) -> Int { blanks.reduce(0) { $0 + UTF8.width($1) } }
            part = part.dropFirst(size(before)).dropLast(size(after))
        }
        return UnsafeRawBufferPointer(rebasing: part)
    }

    private func text(_ set: ArraySlice<UInt32>) -> String {
        LabelTable.sorted(Set(set.map { written.names[Int($0)] })).joined(separator: ";")
    }

    /// The rows, each with its labels sorted.
    func rows() throws -> LabelRows {
        guard !ends.isEmpty else {
            throw InputError("the table has no rows", at: file, expected: "at least one image")
        }
        // Two ways to write one text in Unicode are one label.
        let labels = LabelTable.sorted(Set(written.names))
        let rank = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, UInt32($0)) })
        let ranks = written.names.map { rank[$0] ?? 0 }
        var (sorted, sortedEnds): ([UInt32], [Int]) = ([], [])
        sorted.reserveCapacity(sets.count)
        sortedEnds.reserveCapacity(ends.count)
        var begin = 0
        for end in ends {
            let first = sorted.count
            // Few labels an image: each goes to its place among those before.
            for number in sets[begin..<end] {
                let number = ranks[Int(number)]
                var at = sorted.count
                while at > first, sorted[at - 1] > number { at -= 1 }
                if at > first, sorted[at - 1] == number { continue }
                sorted.insert(number, at: at)
            }
            sortedEnds.append(sorted.count)
            begin = end
        }
        return LabelRows(
            names: names.names, labels: labels, sets: sorted, ends: sortedEnds,
            validity: valid == nil ? nil : validity)
    }

    private static func truthValue(_ text: String, at place: String) throws -> Bool {
        switch text.lowercased() {
        case "true", "1", "1.0": return true
        case "false", "0", "0.0", "": return false
        default: throw InputError("is_valid is no truth value", at: place, expected: "True or False", got: "'\(text)'")
        }
    }
}
