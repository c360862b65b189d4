extension Predictions {
    /// Reads `[N, C]` scores, of which integers and truth values are 0 or 1 unless they are logits, with the image
    /// names and the labels each in a text file, one a line.
    /// - Parameter array: which array of a `.npz`; nil for the only one.
    /// - Throws: `InputError` if counts disagree or a value is out of range, with its row and column.
    public static func readArray(
        _ path: String, names: String, vocab: String, array: String? = nil, areLogits: Bool = false
    ) throws -> ScoreTable {
        let scores = try NumPyArray(FileBytes.read(path), named: path, array: array)
        let labels = Array(try NameList(lines: vocab, of: "label"))
        try PredictionCells.requireNamed(labels) { "\(vocab):\($0 + 1)" }
        let names = try NameList(lines: names, of: "image name")
        guard scores.rows == names.count, scores.columns == labels.count else {
            throw InputError(
                "the array does not fit its names and labels", at: path, expected: "[\(names.count), \(labels.count)]",
                got: "[\(scores.rows), \(scores.columns)]")
        }
        func isUsable(_ value: Double) -> Bool { areLogits ? value.isFinite : value >= 0 && value <= 1 }
        if let (row, label) = scores.scores.first(where: { !isUsable($0) }) {
            throw InputError(
                "a prediction cannot be used",
                at: "\(path), row \(row + 1) '\(names[row])', column \(label + 1) '\(labels[label])'",
                expected: areLogits ? "a finite number" : "a probability from 0 to 1",
                got: "\(scores.scores[label, row])")
        }
        return ScoreTable(
            names: names, labels: labels, columns: areLogits ? scores.scores.map(logistic) : scores.scores)
    }
}
