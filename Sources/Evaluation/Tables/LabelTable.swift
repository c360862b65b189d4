import Foundation

/// Which labels each image carries, from a CSV or from a folder per label.
public struct LabelTable: Sendable, Equatable {
    public struct Row: Sendable, Equatable {
        /// Relative to the image folder.
        public var name: String
        /// Sorted, each once; empty is the empty set.
        public var labels: [String]
        /// Whether the row is for validation, where the table says.
        public var isValid: Bool?

        public init(name: String, labels: [String], isValid: Bool? = nil) {
            self.name = name
            self.labels = labels
            self.isValid = isValid
        }
    }

    /// The names of the columns and what separates labels.
    public struct Format: Sendable {
        public var nameColumn = "fname"
        public var labelsColumn = "labels"
        public var validColumn = "is_valid"
        public var delimiter = ";"

        public init() {}
    }

    public let rows: [Row]
    /// What was left out of the table, for a person to read.
    public let remarks: [String]
    /// The file or folder that it was read from, for messages.
    public let source: String?

    public init(rows: [Row], remarks: [String] = [], source: String? = nil) {
        self.rows = rows
        self.remarks = remarks
        self.source = source
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
        let table = try CSV(bytes, named: file)
        let name = try table.column(format.nameColumn, in: file)
        let labels = try table.column(format.labelsColumn, in: file)
        let valid = table.header.firstIndex(of: format.validColumn)
        var rows: [Row] = []
        var known: [String: Int] = [:]
        for (cells, line) in zip(table.rows, table.lines) {
            let place = "\(file):\(line)"
            try requireInside(cells[name], at: place)
            let set = cells[labels].components(separatedBy: format.delimiter)
                .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
            let row = Row(
                name: cells[name], labels: sorted(Set(set)),
                isValid: try valid.map { try truthValue(cells[$0], at: place) })
            if let earlier = known[row.name] {
                guard rows[earlier] == row else {
                    throw InputError(
                        "an image has two label sets", at: place, expected: "one row for '\(row.name)'",
                        got:
                            "'\(rows[earlier].labels.joined(separator: ";"))' and '\(row.labels.joined(separator: ";"))'"
                    )
                }
                continue
            }
            known[row.name] = rows.count
            rows.append(row)
        }
        guard !rows.isEmpty else { throw InputError("the table has no rows", at: file, expected: "at least one image") }
        return LabelTable(rows: rows, source: file)
    }

    /// A folder per label: `Cloth/a.jpg` carries `Cloth`.
    /// - Throws: `InputError` if no image lies in a sub-folder, or a link leaves the folder.
    public static func fromFolders(_ folder: String) throws -> LabelTable {
        let listing = try FileListing(of: folder)
        let rows = listing.files.compactMap { path -> Row? in
            let parts = path.split(separator: "/")
            return parts.count < 2 ? nil : Row(name: path, labels: [String(parts[0])])
        }
        let loose = FileListing.remark("in no label's folder", listing.files.filter { !$0.contains("/") })
        guard !rows.isEmpty else {
            throw InputError("no labelled images", at: folder, expected: "a sub-folder of images for each label")
        }
        return LabelTable(rows: rows, remarks: listing.remarks + (loose.map { [$0] } ?? []), source: folder)
    }

    /// All labels, sorted by code point as Python sorts.
    public var vocabulary: [String] { Self.sorted(Set(rows.flatMap(\.labels))) }

    /// A sentence for each set of labels that a person would read as one: they differ by case or blanks alone.
    public var lookalikes: [String] {
        let groups = Dictionary(grouping: vocabulary) { label in
            label.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
        return groups.values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }.map { labels in
            "labels that differ only by case or blanks: \(labels.map { "'\($0)'" }.joined(separator: ", "))"
        }
    }

    static func sorted(_ labels: Set<String>) -> [String] {
        labels.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
    }

    /// Refuses a name that is empty, absolute, or climbs out of its folder.
    static func requireInside(_ name: String, at place: String) throws {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard !name.isEmpty, !name.hasPrefix("/"), !parts.contains("..") else {
            throw InputError(
                "an image name leaves the image folder", at: place, expected: "a relative path inside it",
                got: "'\(name)'")
        }
    }

    private static func truthValue(_ text: String, at place: String) throws -> Bool {
        switch text.lowercased() {
        case "true", "1", "1.0": return true
        case "false", "0", "0.0", "": return false
        default: throw InputError("is_valid is no truth value", at: place, expected: "True or False", got: "'\(text)'")
        }
    }
}
