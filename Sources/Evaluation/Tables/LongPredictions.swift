/// Predictions with a row for each image and label: `fname,label,score`.
enum LongPredictions {
    static let labelColumn = "label"
    static let scoreColumn = "score"

    /// Whether a header is that of a long table: these three columns and no other.
    static func matches(_ header: [String], nameColumn: String) -> Bool {
        header.count == 3 && Set(header) == [nameColumn, labelColumn, scoreColumn]
    }

    /// Images and labels in the order of their first rows, every pair exactly once.
    /// - Throws: `InputError` for a pair that comes twice, with its line, or that is missing, by name.
    static func parse(
        _ reader: inout CSVReader, nameColumn: String, _ cells: PredictionCells
    ) throws -> ScoreTable {
        let columns = try Columns(reader.header, nameColumn, cells.file)
        // The first pass says how many images and labels there are.
        var (rows, names, labels) = (0, NameIndex(), NameIndex())
        while try reader.next() {
            _ = reader.withBytes(columns.name) { names.insert($0) }
            _ = reader.withBytes(columns.label) { labels.insert($0) }
            rows += 1
        }
        try cells.requireRows(rows)
        try PredictionCells.requireNamed(Array(labels.names)) { _ in "\(cells.file), column '\(labelColumn)'" }
        let (count, width) = (names.names.count, labels.names.count)
        let (pairs, overflow) = count.multipliedReportingOverflow(by: width)
        // A table that lacks a pair could ask for far more memory than it has rows.
        guard !overflow, pairs <= rows * 64 else {
            throw InputError(
                "most pairs of image and label have no prediction", at: cells.file,
                expected: "\(count) x \(width) rows", got: "\(rows)")
        }
        var scores = [[Double]](repeating: [Double](repeating: .nan, count: count), count: width)
        reader.rewind()
        while try reader.next() {
            guard let name = reader.withBytes(columns.name, { names[$0] }),
                let label = reader.withBytes(columns.label, { labels[$0] })
            else { continue }
            guard scores[label][name].isNaN else {
                throw InputError(
                    "a prediction appears twice", at: "\(cells.file):\(reader.line)",
                    expected: "each image and label once", got: "'\(names.names[name])', '\(labels.names[label])'")
            }
            scores[label][name] = try cells.probability(reader, columns.score)
        }
        if pairs > rows { try requireAll(scores, names.names, labels.names, cells.file) }
        return ScoreTable(names: names.names, labels: Array(labels.names), columns: .double(scores))
    }

    private struct Columns {
        let name: Int
        let label: Int
        let score: Int

        init(_ header: [String], _ nameColumn: String, _ file: String) throws {
            name = try CSV.column(nameColumn, of: header, in: file)
            label = try CSV.column(labelColumn, of: header, in: file)
            score = try CSV.column(scoreColumn, of: header, in: file)
        }
    }

    private static func requireAll(
        _ scores: [[Double]], _ names: NameList, _ labels: NameList, _ file: String
    ) throws {
        var missing = NameSample()
        for row in names.indices {
            for label in labels.indices where scores[label][row].isNaN {
                missing.add("\(names[row]), \(labels[label])")
            }
        }
        throw InputError(
            "predictions are missing", at: file, expected: "a row for every image and label",
            got: "\(missing.count) without one: \(missing.text())")
    }
}
