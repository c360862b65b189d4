import Foundation

/// Files of predictions: wide CSV `fname,<label>,…`, or long CSV `fname,label,score`, told by its header.
public enum Predictions {
    /// Reads a CSV of either form. With `areLogits`, cells are logits.
    /// - Throws: `InputError` with line and column for anything that is no number in range.
    public static func read(_ path: String, nameColumn: String = "fname", areLogits: Bool = false) throws -> Scores {
        try parse(FileBytes.read(path), named: path, nameColumn: nameColumn, areLogits: areLogits)
    }

    public static func parse(
        _ bytes: [UInt8], named file: String, nameColumn: String = "fname", areLogits: Bool = false
    ) throws -> Scores {
        let table = try CSV(bytes, named: file)
        guard !table.rows.isEmpty else {
            throw InputError("predictions have no rows", at: file, expected: "at least one image")
        }
        func value(_ cell: String, _ place: String) throws -> Double {
            guard let value = StrictNumber.parse(cell), areLogits || (0...1).contains(value) else {
                throw InputError(
                    "a prediction cannot be used", at: place,
                    expected: areLogits ? "a finite number" : "a probability from 0 to 1", got: "'\(cell)'")
            }
            return value
        }
        let isLong = LongPredictions.matches(table.header, nameColumn: nameColumn)
        let (names, labels, values) =
            try isLong
            ? LongPredictions.parse(table, named: file, nameColumn: nameColumn, value: value)
            : wide(table, named: file, nameColumn: nameColumn, value: value)
        return areLogits
            ? try Logits(names: names, labels: labels, values: values).scores()
            : try Scores(names: names, labels: labels, values: values)
    }

    private static func wide(
        _ table: CSV, named file: String, nameColumn: String, value: (_ cell: String, _ place: String) throws -> Double
    ) throws -> (names: [String], labels: [String], values: [Double]) {
        let name = try table.column(nameColumn, in: file)
        let columns = table.header.indices.filter { $0 != name }
        guard !columns.isEmpty else {
            throw InputError(
                "predictions have no labels", at: file, expected: "'\(nameColumn)' and a column for each label")
        }
        try UniqueNames.check(table.rows.lazy.map { $0[name] }, "image name") { "\(file):\(table.lines[$0])" }
        var values: [Double] = []
        values.reserveCapacity(table.rows.count * columns.count)
        for (cells, line) in zip(table.rows, table.lines) {
            for column in columns {
                values.append(try value(cells[column], "\(file):\(line), column '\(table.header[column])'"))
            }
        }
        return (table.rows.map { $0[name] }, columns.map { table.header[$0] }, values)
    }

    /// The wide CSV of scores; every probability reads back as the same bits.
    public static func csv(_ scores: Scores) -> String {
        var text = CSV.line(["fname"] + scores.labels)
        for (row, name) in scores.names.enumerated() { text += CSV.line([name] + scores[row].map { "\($0)" }) }
        return text
    }
}
