/// What each image carries, as label indices of one vocab; nil where it is only partly known.
public struct Truth: Sendable, Equatable {
    public let names: [String]
    public let labels: [String]
    /// Ascending label indices of each image.
    public let targets: [[Int]?]

    public init(names: [String], labels: [String], targets: [[Int]?]) throws {
        guard names.count == targets.count else {
            throw InputError(
                "truth does not fit its names", expected: "\(names.count) targets", got: "\(targets.count)")
        }
        for target in targets {
            guard (target ?? []).allSatisfy(labels.indices.contains) else {
                throw InputError(
                    "a target lies outside the labels", expected: "0..<\(labels.count)", got: "\(target ?? [])")
            }
        }
        self.names = names
        self.labels = labels
        self.targets = targets
    }

    /// The table's truth in terms of `labels`.
    /// - Throws: `InputError` naming a label that `labels` lacks.
    public init(_ table: LabelTable, labels: [String], from file: String = "labels") throws {
        let index = Dictionary(labels.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        let targets = try table.rows.map { row in
            try row.labels.map { label in
                guard let at = index[label] else {
                    throw InputError(
                        "unknown label of '\(row.name)'", at: file,
                        expected: "one of \(labels.joined(separator: ", "))",
                        got: "'\(label)'")
                }
                return at
            }.sorted()
        }
        try self.init(names: table.rows.map(\.name), labels: labels, targets: targets)
    }
}

extension Scores {
    /// The scores in the order of `names` and `labels`, matched by name.
    /// - Throws: `InputError` listing what is missing or extra on either side; nothing is dropped silently.
    public func aligned(names wanted: [String], labels wantedLabels: [String]) throws -> Scores {
        let columns = try Self.match(labels, wantedLabels, "label")
        let rows = try Self.match(names, wanted, "image")
        var aligned: [Double] = []
        aligned.reserveCapacity(values.count)
        for row in rows { for column in columns { aligned.append(values[row * labels.count + column]) } }
        return try Scores(names: wanted, labels: wantedLabels, values: aligned)
    }

    private static func match(_ have: [String], _ want: [String], _ kind: String) throws -> [Int] {
        try requireUnique(want, kind)
        let index = Dictionary(have.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        let missing = want.filter { index[$0] == nil }
        let extra = Set(have).subtracting(want).sorted()
        guard missing.isEmpty, extra.isEmpty else {
            func list(_ names: [String]) -> String {
                let few = names.prefix(5).map { "'\($0)'" }.joined(separator: ", ")
                return names.count > 5 ? "\(few) and \(names.count - 5) more" : few
            }
            var got: [String] = []
            if !missing.isEmpty { got.append("\(missing.count) without predictions: \(list(missing))") }
            if !extra.isEmpty { got.append("\(extra.count) that the labels file lacks: \(list(extra))") }
            throw InputError(
                "predictions and truth name different \(kind)s", expected: "the same \(want.count) \(kind)s",
                got: got.joined(separator: "; "))
        }
        return want.compactMap { index[$0] }
    }
}
