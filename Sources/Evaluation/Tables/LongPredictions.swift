/// Predictions with a row for each image and label: `fname,label,score`.
enum LongPredictions {
    static let labelColumn = "label"
    static let scoreColumn = "score"

    /// Whether a header is that of a long table: these three columns and no other.
    static func matches(_ header: [String], nameColumn: String) -> Bool {
        header.count == 3 && Set(header) == [nameColumn, labelColumn, scoreColumn]
    }

    /// Images and labels in the order of their first rows, every pair exactly once.
    /// - Returns: row-major values, N x C.
    /// - Throws: `InputError` for a pair that comes twice, with its line, or that is missing, by name.
    static func parse(
        _ table: CSV, named file: String, nameColumn: String, value: (_ cell: String, _ place: String) throws -> Double
    ) throws -> (names: [String], labels: [String], values: [Double]) {
        let columns = try [nameColumn, labelColumn, scoreColumn].map { try table.column($0, in: file) }
        let names = Numbering(table.rows.map { $0[columns[0]] })
        let labels = Numbering(table.rows.map { $0[columns[1]] })
        let (cells, overflow) = names.distinct.count.multipliedReportingOverflow(by: labels.distinct.count)
        // A table that lacks a pair could ask for far more memory than it has rows.
        guard !overflow, cells <= max(table.rows.count, 1) * 64 else {
            throw InputError(
                "most pairs of image and label have no prediction", at: file,
                expected: "\(names.distinct.count) x \(labels.distinct.count) rows", got: "\(table.rows.count)")
        }
        var values = [Double](repeating: .nan, count: cells)
        for (row, line) in table.lines.enumerated() {
            let (name, label) = (names.numbers[row], labels.numbers[row])
            let at = name * labels.distinct.count + label
            guard values[at].isNaN else {
                throw InputError(
                    "a prediction appears twice", at: "\(file):\(line)", expected: "each image and label once",
                    got: "'\(names.distinct[name])', '\(labels.distinct[label])'")
            }
            values[at] = try value(table.rows[row][columns[2]], "\(file):\(line), column '\(scoreColumn)'")
        }
        var missing = NameSample()
        for at in values.indices where values[at].isNaN {
            missing.add("\(names.distinct[at / labels.distinct.count]), \(labels.distinct[at % labels.distinct.count])")
        }
        guard missing.count == 0 else {
            throw InputError(
                "predictions are missing", at: file, expected: "a row for every image and label",
                got: "\(missing.count) without one: \(missing.text)")
        }
        return (names.distinct, labels.distinct, values)
    }

    /// Values as numbers in the order of first appearance.
    private struct Numbering {
        private(set) var distinct: [String] = []
        private(set) var numbers: [Int] = []

        init(_ values: [String]) {
            var known: [String: Int] = [:]
            for value in values {
                let number = known[value] ?? distinct.count
                if number == distinct.count {
                    known[value] = number
                    distinct.append(value)
                }
                numbers.append(number)
            }
        }
    }
}
