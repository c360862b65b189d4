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
