/// The scores of N images for C labels by label, `[C][N]`, in the width they came in: a float of a file stays one.
public enum ScoreColumns: Sendable, Equatable {
    case float([[Float]])
    case double([[Double]])

    /// C.
    public var width: Int {
        switch self {
        case .float(let columns): columns.count
        case .double(let columns): columns.count
        }
    }

    public subscript(label: Int, row: Int) -> Double {
        switch self {
        case .float(let columns): Double(columns[label][row])
        case .double(let columns): columns[label][row]
        }
    }

    /// One image's C scores.
    public subscript(row: Int) -> [Double] { (0..<width).map { self[$0, row] } }

    /// Where the first value lies that `isWanted` wants, image by image.
    func first(where isWanted: (Double) -> Bool) -> (row: Int, label: Int)? {
        func places<Score: BinaryFloatingPoint>(_ columns: [[Score]]) -> [(row: Int, label: Int)] {
            columns.enumerated().compactMap { label, column in
                column.firstIndex { isWanted(Double($0)) }.map { ($0, label) }
            }
        }
        let found =
            switch self {
            case .float(let columns): places(columns)
            case .double(let columns): places(columns)
            }
        return found.min { ($0.row, $0.label) < ($1.row, $1.label) }
    }

    /// What `change` makes of each value.
    func map(_ change: (Double) -> Double) -> ScoreColumns {
        switch self {
        case .float(let columns): .double(columns.map { $0.map { change(Double($0)) } })
        case .double(let columns): .double(columns.map { $0.map(change) })
        }
    }

    /// The scores of some images, row-major.
    func gathered(_ rows: [Int]) -> [Double] {
        func pick<Score: BinaryFloatingPoint>(_ columns: [[Score]]) -> [Double] {
            var values = [Double](repeating: 0, count: rows.count * columns.count)
            for (label, column) in columns.enumerated() {
                var at = label
                for row in rows {
                    values[at] = Double(column[row])
                    at += columns.count
                }
            }
            return values
        }
        switch self {
        case .float(let columns): return pick(columns)
        case .double(let columns): return pick(columns)
        }
    }

    /// The images `range`.
    func rows(_ range: Range<Int>) -> ScoreColumns {
        switch self {
        case .float(let columns): .float(columns.map { Array($0[range]) })
        case .double(let columns): .double(columns.map { Array($0[range]) })
        }
    }

    /// The columns `labels`, and of each the rows `rows` in that order; all rows for nil.
    func gathered(rows: [Int]?, labels: [Int]) -> ScoreColumns {
        func pick<Score>(_ columns: [[Score]]) -> [[Score]] {
            labels.map { label in
                let column = columns[label]
                return rows.map { $0.map { column[$0] } } ?? column
            }
        }
        switch self {
        case .float(let columns): return .float(pick(columns))
        case .double(let columns): return .double(pick(columns))
        }
    }
}

/// Probabilities of N images for C labels with their names, held by label: what a million images are measured from.
public struct ScoreTable: Sendable, Equatable {
    public let names: NameList
    public let labels: [String]
    public let columns: ScoreColumns

    /// For readers that have checked names, labels and values.
    /// - Parameter columns: a column of one number a name for each label.
    public init(names: NameList, labels: [String], columns: ScoreColumns) {
        self.names = names
        self.labels = labels
        self.columns = columns
    }

    public init(_ scores: Scores) {
        names = NameList(scores.names)
        labels = scores.labels
        let width = scores.labels.count
        columns = .double(
            (0..<width).map { label in scores.names.indices.map { scores.values[$0 * width + label] } })
    }

    /// The same as `Scores`, for the functions that take those.
    public func scores() throws -> Scores {
        try Scores(names: Array(names), labels: labels, values: names.indices.flatMap { columns[$0] })
    }
}
