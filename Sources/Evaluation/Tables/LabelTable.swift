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

    public let rows: LabelRows
    /// What was left out of the table, for a person to read.
    public let remarks: [String]
    /// The file or folder that it was read from, for messages.
    public let source: String?

    public init(rows: some Sequence<Row>, remarks: [String] = [], source: String? = nil) {
        self.init(rows: LabelRows(rows), remarks: remarks, source: source)
    }

    init(rows: LabelRows, remarks: [String] = [], source: String?) {
        self.rows = rows
        self.remarks = remarks
        self.source = source
    }

    /// A CSV, or a folder with a sub-folder for each label.
    public static func read(anyOf path: String, format: Format) throws -> LabelTable {
        FileTree.kind(of: path) == .folder ? try fromFolders(path) : try read(path, format: format)
    }

    /// A folder per label: `Cloth/a.jpg` carries `Cloth`. What is no image is left out with a remark.
    /// - Throws: `InputError` if no image lies in a sub-folder, or a link leaves the folder.
    public static func fromFolders(_ folder: String) throws -> LabelTable {
        let (images, remarks) = try FileListing(of: folder).images(in: folder)
        // By bytes, since a slash and a mark that joins it are one character.
        let ends = images.map { $0.utf8.firstIndex(of: 0x2F) }
        let rows = zip(images, ends).compactMap { path, end in
            end.map { Row(name: path, labels: [String(path[..<$0])]) }
        }
        let loose = FileListing.remark("in no label's folder", zip(images, ends).filter { $1 == nil }.map(\.0))
        guard !rows.isEmpty else {
            throw InputError("no labelled images", at: folder, expected: "a sub-folder of images for each label")
        }
        return LabelTable(rows: rows, remarks: remarks + (loose.map { [$0] } ?? []), source: folder)
    }

    /// All labels, sorted by code point as Python sorts.
    public var vocabulary: [String] { Self.sorted(rows.usedLabels) }

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

    /// The table without the labels that `labels` lacks, and those, sorted.
    public func restricted(to labels: [String]) -> (table: LabelTable, dropped: [String]) {
        let known = Set(labels)
        let dropped = vocabulary.filter { !known.contains($0) }
        guard !dropped.isEmpty else { return (self, []) }
        return (LabelTable(rows: rows.restricted(to: known), remarks: remarks, source: source), dropped)
    }

    /// Refuses a name that is empty, absolute, or climbs out of its folder.
    static func requireInside(_ name: String, at place: String) throws {
        guard staysInside(name.utf8) else {
            throw InputError(
                "an image name leaves the image folder", at: place, expected: "a relative path inside it",
                got: "'\(name)'")
        }
    }

    /// Whether a name's bytes are those of a relative path without a `..`.
    static func staysInside(_ name: some Collection<UInt8>) -> Bool {
        guard let first = name.first, first != 0x2F else { return false }
        // The bytes of the component so far, unless it cannot be two dots any more.
        var dots: Int? = 0
        for byte in name {
            if byte == 0x2F {
                if dots == 2 { return false }
                dots = 0
            } else {
                dots = byte == 0x2E ? dots.map { $0 + 1 } : nil
            }
        }
        return dots != 2
    }
}
