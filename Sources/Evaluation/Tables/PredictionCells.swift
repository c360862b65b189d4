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
