/// Which rows train and which validate.
public struct Split: Sendable, Equatable {
    public let training: [Int]
    public let validation: [Int]

    /// - Parameter source: what was split, for messages.
    /// - Throws: `InputError` if either side is empty.
    init(training: [Int], validation: [Int], of source: String?) throws {
        guard !training.isEmpty, !validation.isEmpty else {
            throw InputError(
                "the split leaves a side empty", at: source, expected: "at least one image on each",
                got: "\(training.count) for training, \(validation.count) for validation")
        }
        self.training = training
        self.validation = validation
    }

    /// How a table is split.
    public enum Kind: String, Sendable, CaseIterable { case random, stratified, column }

    /// The same split for the same table, share and seed.
    public static func make(_ kind: Kind, _ table: LabelTable, validationShare: Double, seed: UInt64) throws -> Split {
        switch kind {
        case .random:
            try .random(
                count: table.rows.count, validationShare: validationShare, seed: seed, of: table.source)
        case .stratified: try .stratified(table, validationShare: validationShare, seed: seed)
        case .column: try .byColumn(table)
        }
    }

    /// As the table's `is_valid` column says.
    public static func byColumn(_ table: LabelTable) throws -> Split {
        guard table.rows.contains(where: { $0.isValid != nil }) else {
            throw InputError(
                "no column says which images validate", at: table.source,
                expected: "is_valid, or --split random or stratified", got: "no is_valid")
        }
        return try Split(
            training: table.rows.indices.filter { table.rows[$0].isValid != true },
            validation: table.rows.indices.filter { table.rows[$0].isValid == true }, of: table.source)
    }

    /// fastai's: the first `Int(validationShare * count)` of a random permutation validate.
    public static func random(
        count: Int, validationShare: Double, seed: UInt64, of source: String? = nil
    ) throws -> Split {
        var generator = SeededGenerator(seed: seed)
        let order = generator.permutation(count)
        let cut = Int(validationShare * Double(count))
        return try Split(training: order.dropFirst(cut).sorted(), validation: order.prefix(cut).sorted(), of: source)
    }

    /// Keeps each label's share on both sides: iterative stratification (Sechidis, Tsoumakas & Vlahavas, 2011), rarest
    /// label first; images without labels count as a label of their own.
    public static func stratified(_ table: LabelTable, validationShare: Double, seed: UInt64) throws -> Split {
        var generator = SeededGenerator(seed: seed)
        let vocabulary = table.vocabulary
        let index = Dictionary(vocabulary.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        let sets = table.rows.map { row in
            row.labels.isEmpty ? [vocabulary.count] : row.labels.compactMap { index[$0] }
        }
        let shares = [1 - validationShare, validationShare]
        let wantedValidation = Int(validationShare * Double(sets.count))
        var room = [Double(sets.count - wantedValidation), Double(wantedValidation)]
        var wanted = (0...vocabulary.count).map { label in
            let total = Double(sets.filter { $0.contains(label) }.count)
            return shares.map { $0 * total }
        }
        var remaining = generator.permutation(sets.count)
        var sides: [[Int]] = [[], []]
        while !remaining.isEmpty {
            var counts = [Int](repeating: 0, count: vocabulary.count + 1)
            for row in remaining { for label in sets[row] { counts[label] += 1 } }
            let rarest = counts.indices.filter { counts[$0] > 0 }.min { counts[$0] < counts[$1] } ?? 0
            for row in remaining.filter({ sets[$0].contains(rarest) }) {
                let side: Int
                let (a, b) = (wanted[rarest][0], wanted[rarest][1])
                if room[1] <= 0 {
                    side = 0
                } else if room[0] <= 0 {
                    side = 1
                } else if a != b {
                    side = a > b ? 0 : 1
                } else if room[0] != room[1] {
                    side = room[0] > room[1] ? 0 : 1
                } else {
                    side = generator.integer(below: 2)
                }
                sides[side].append(row)
                room[side] -= 1
                for label in sets[row] { wanted[label][side] -= 1 }
            }
            remaining.removeAll { sets[$0].contains(rarest) }
        }
        return try Split(training: sides[0].sorted(), validation: sides[1].sorted(), of: table.source)
    }
}
