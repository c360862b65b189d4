/// Files of predictions: wide CSV `fname,<label>,…`, or long CSV `fname,label,score`, told by its header.
public enum Predictions {
    /// Reads a CSV of either form. With `areLogits`, cells are logits.
    /// - Throws: `InputError` with line and column for anything that is no number in range.
    public static func read(_ path: String, nameColumn: String = "fname", areLogits: Bool = false) throws -> Scores {
        try readTable(path, nameColumn: nameColumn, areLogits: areLogits).scores()
    }

    /// The same for many images: by label, each number read as it stands in the file.
    public static func readTable(
        _ path: String, nameColumn: String = "fname", areLogits: Bool = false
    ) throws -> ScoreTable {
        try parseTable(FileBytes.read(path), named: path, nameColumn: nameColumn, areLogits: areLogits)
    }

    public static func parse(
        _ bytes: [UInt8], named file: String, nameColumn: String = "fname", areLogits: Bool = false
    ) throws -> Scores {
        try parseTable(bytes, named: file, nameColumn: nameColumn, areLogits: areLogits).scores()
    }

    public static func parseTable(
        _ bytes: [UInt8], named file: String, nameColumn: String = "fname", areLogits: Bool = false
    ) throws -> ScoreTable {
        let cells = PredictionCells(file: file, areLogits: areLogits)
        return try CSVReader.read(bytes, named: file) { reader in
            LongPredictions.matches(reader.header, nameColumn: nameColumn)
                ? try LongPredictions.parse(&reader, nameColumn: nameColumn, cells)
                : try WidePredictions.parse(&reader, nameColumn: nameColumn, cells)
        }
    }

    /// The wide CSV of scores; every probability reads back as the same bits.
    public static func csv(_ scores: Scores) -> String {
        var text = CSV.line(["fname"] + scores.labels)
        for (row, name) in scores.names.enumerated() { text += CSV.line([name] + scores[row].map { "\($0)" }) }
        return text
    }
}

/// How a cell of a table becomes a probability.
struct PredictionCells {
    let file: String
    let areLogits: Bool

    /// - Throws: `InputError` with line and column.
    func probability(_ row: CSVReader, _ column: Int) throws -> Double {
        // Numbers are often set apart by blanks for the eye.
        let value = row.withBytes(column, DecimalNumber.parse) ?? row.withBytes(column, DecimalNumber.parseTrimmed)
        guard let value, areLogits || (value >= 0 && value <= 1) else {
            throw InputError(
                "a prediction cannot be used", at: "\(file):\(row.line), column '\(row.header[column])'",
                expected: areLogits ? "a finite number" : "a probability from 0 to 1",
                got: "'\(try row.text(column))'")
        }
        return areLogits ? logistic(value) : value
    }

    /// - Throws: `InputError` for a label without a name, as a table's index or a comma at the end of its header leave one.
    static func requireNamed(_ labels: [String], at place: (Int) -> String) throws {
        guard let index = labels.firstIndex(where: { $0.allSatisfy(\.isWhitespace) }) else { return }
        throw InputError(
            "a label has no name", at: place(index), expected: "a label as the name of each column of scores",
            got: "'\(labels[index])'")
    }

    /// - Throws: `InputError` if there are none.
    func requireRows(_ count: Int) throws {
        guard count > 0 else {
            throw InputError("predictions have no rows", at: file, expected: "at least one image")
        }
    }
}
