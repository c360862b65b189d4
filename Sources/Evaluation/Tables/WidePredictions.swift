/// Predictions with a row for each image: `fname,<label>,…`.
enum WidePredictions {
    static func parse(
        _ reader: inout CSVReader, nameColumn: String, _ cells: PredictionCells
    ) throws -> ScoreTable {
        let name = try CSV.column(nameColumn, of: reader.header, in: cells.file)
        let columns = reader.header.indices.filter { $0 != name }
        guard !columns.isEmpty else {
            throw InputError(
                "predictions have no labels", at: cells.file,
                expected: "'\(nameColumn)' and a column for each label")
        }
        try PredictionCells.requireNamed(columns.map { reader.header[$0] }) { index in
            "\(cells.file):\(reader.line), column \(columns[index] + 1)"
        }
        var names = NameIndex()
        var scores = ColumnBuilder(width: columns.count, capacity: reader.mostRows)
        while try reader.next() {
            guard reader.withBytes(name, { names.insert($0).isNew }) else {
                throw InputError(
                    "image name appears twice", at: "\(cells.file):\(reader.line)",
                    expected: "each image name once", got: "'\(try reader.text(name))'")
            }
            for column in columns { scores.append(try cells.probability(reader, column)) }
        }
        try cells.requireRows(names.names.count)
        return ScoreTable(
            names: names.names, labels: columns.map { reader.header[$0] }, columns: .double(scores.takeColumns()))
    }
}

/// Columns from numbers that come row by row. Some rows wait together, as storing each number far from the last is slow.
private struct ColumnBuilder {
    private let width: Int
    /// [64, width]: rows that are in no column yet.
    private var waiting: [Double]
    private var count = 0
    private var finished: [[Double]]

    init(width: Int, capacity: Int) {
        self.width = width
        waiting = Array(repeating: 0, count: 64 * width)
        finished = Array(repeating: [], count: width)
        for column in finished.indices { finished[column].reserveCapacity(capacity) }
    }

    mutating func append(_ value: Double) {
        waiting[count] = value
        count += 1
        if count == waiting.count { flush() }
    }

    private mutating func flush() {
        let (rows, width) = (count / width, width)
        waiting.withUnsafeBufferPointer { waiting in
            for column in finished.indices {
                finished[column].append(contentsOf: (0..<rows).lazy.map { waiting[$0 * width + column] })
            }
        }
        count = 0
    }

    /// All columns, which are no longer kept here.
    mutating func takeColumns() -> [[Double]] {
        flush()
        defer { finished = [] }
        return finished
    }
}
