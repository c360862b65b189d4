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
        let isLong = try CSVReader.read(bytes, named: file) {
            LongPredictions.matches($0.header, nameColumn: nameColumn)
        }
        return isLong
            ? try LongPredictions.parse(bytes, nameColumn: nameColumn, cells)
            : try WidePredictions.parse(bytes, nameColumn: nameColumn, cells)
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
        let value = row.withBytes(column, DecimalNumber.parse)
        guard let value, areLogits || (value >= 0 && value <= 1) else {
            throw InputError(
                "a prediction cannot be used", at: "\(file):\(row.line), column '\(row.header[column])'",
                expected: areLogits ? "a finite number" : "a probability from 0 to 1",
                got: "'\(try row.text(column))'")
        }
        return areLogits ? logistic(value) : value
    }

    /// - Throws: `InputError` if there are none.
    func requireRows(_ count: Int) throws {
        guard count > 0 else {
            throw InputError("predictions have no rows", at: file, expected: "at least one image")
        }
    }
}

/// Predictions with a row for each image: `fname,<label>,…`.
enum WidePredictions {
    static func parse(_ bytes: [UInt8], nameColumn: String, _ cells: PredictionCells) throws -> ScoreTable {
        try CSVReader.read(bytes, named: cells.file) { reader in
            let name = try CSV.column(nameColumn, of: reader.header, in: cells.file)
            let columns = reader.header.indices.filter { $0 != name }
            guard !columns.isEmpty else {
                throw InputError(
                    "predictions have no labels", at: cells.file,
                    expected: "'\(nameColumn)' and a column for each label")
            }
            var names = NameIndex()
            var scores = columns.map { _ in [Double]() }
            let most = reader.mostRows
            for column in scores.indices { scores[column].reserveCapacity(most) }
            while try reader.next() {
                guard reader.withBytes(name, { names.insert($0).isNew }) else {
                    throw InputError(
                        "image name appears twice", at: "\(cells.file):\(reader.line)",
                        expected: "each image name once", got: "'\(try reader.text(name))'")
                }
                for (place, column) in columns.enumerated() {
                    scores[place].append(try cells.probability(reader, column))
                }
            }
            try cells.requireRows(names.names.count)
            return ScoreTable(
                names: names.names, labels: columns.map { reader.header[$0] }, columns: .double(scores))
        }
    }
}
