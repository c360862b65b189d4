import Foundation

/// Files of predictions: wide CSV `fname,<label>,…`.
public enum Predictions {
    /// Reads a wide CSV. With `areLogits`, cells are logits.
    /// - Throws: `InputError` with line and column for anything that is no number in range.
    public static func read(_ path: String, nameColumn: String = "fname", areLogits: Bool = false) throws -> Scores {
        try parse(FileBytes.read(path), named: path, nameColumn: nameColumn, areLogits: areLogits)
    }

    public static func parse(
        _ bytes: [UInt8], named file: String, nameColumn: String = "fname", areLogits: Bool = false
    ) throws -> Scores {
        let table = try CSV(bytes, named: file)
        let name = try table.column(nameColumn, in: file)
        let columns = table.header.indices.filter { $0 != name }
        guard !columns.isEmpty else {
            throw InputError(
                "predictions have no labels", at: file, expected: "'\(nameColumn)' and a column for each label")
        }
        var values: [Double] = []
        values.reserveCapacity(table.rows.count * columns.count)
        for (cells, line) in zip(table.rows, table.lines) {
            for column in columns {
                guard let value = StrictNumber.parse(cells[column]), areLogits || (0...1).contains(value) else {
                    throw InputError(
                        "a prediction cannot be used", at: "\(file):\(line), column '\(table.header[column])'",
                        expected: areLogits ? "a finite number" : "a probability from 0 to 1", got: "'\(cells[column])'"
                    )
                }
                values.append(value)
            }
        }
        guard !table.rows.isEmpty else {
            throw InputError("predictions have no rows", at: file, expected: "at least one image")
        }
        let (names, labels) = (table.rows.map { $0[name] }, columns.map { table.header[$0] })
        return areLogits
            ? try Logits(names: names, labels: labels, values: values).scores()
            : try Scores(names: names, labels: labels, values: values)
    }

    /// The wide CSV of scores; every probability reads back as the same bits.
    public static func csv(_ scores: Scores) -> String {
        var text = CSV.line(["fname"] + scores.labels)
        for (row, name) in scores.names.enumerated() { text += CSV.line([name] + scores[row].map { "\($0)" }) }
        return text
    }
}
