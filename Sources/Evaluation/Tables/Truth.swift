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
    public init(_ table: LabelTable, labels: [String]) throws {
        let known = try TruthTable(table, labels: labels)
        try self.init(names: Array(known.names), labels: labels, targets: known.names.indices.map { known.targets[$0] })
    }
}

extension Scores {
    /// The scores in the order of `names` and `labels`, matched by name.
    /// - Parameter place: what both were read from, for messages.
    /// - Throws: `InputError` listing what is missing or extra on either side; nothing is dropped silently.
    public func aligned(names wanted: [String], labels wantedLabels: [String], at place: String? = nil) throws -> Scores
    {
        let columns = try Self.match(labels, wantedLabels, "label", place)
        let rows = try Self.match(names, wanted, "image", place)
        var aligned: [Double] = []
        aligned.reserveCapacity(values.count)
        for row in rows { for column in columns { aligned.append(values[row * labels.count + column]) } }
        return try Scores(names: wanted, labels: wantedLabels, values: aligned)
    }

    /// Where each of `want` stands in `have`, which must hold the same, in any order.
    static func match(_ have: [String], _ want: [String], _ kind: String, _ place: String?) throws -> [Int] {
        try requireUnique(want, kind)
        let index = Dictionary(have.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        var (missing, extra) = (NameSample(), NameSample())
        for name in want where index[name] == nil { missing.add(name) }
        for name in Set(have).subtracting(want).sorted() { extra.add(name) }
        if let got = NameSample.difference(missing, extra, showing: kind == "label" ? 20 : 5) {
            throw InputError(
                "predictions and truth name different \(kind)s", at: place, expected: "the same \(want.count) \(kind)s",
                got: got)
        }
        return want.compactMap { index[$0] }
    }
}
