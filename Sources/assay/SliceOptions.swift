import ArgumentParser
import Evaluation
import Foundation
import Raster
import Report
import Training

/// Which parts of the images `evaluate` also looks at.
struct SliceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Also by the values of a column of the labels CSV; may be repeated.", valueName: "name"))
    var sliceColumn: [String] = []
    @Flag(help: "Also by folder, and by the pictures' brightness, sharpness, size and aspect with --images.")
    var slices = false

    var isEmpty: Bool { sliceColumn.isEmpty && !slices }

    /// A column, and what it says of each image, by its name.
    typealias Column = (name: String, values: [String: String])

    /// The columns to slice by; called before long work.
    /// - Throws: `InputError` for a column that is not there.
    func columns(_ labels: String, nameColumn: String) throws -> [Column] {
        guard !sliceColumn.isEmpty else { return [] }
        let table = try CSV(FileBytes.read(labels), named: labels)
        let key = try table.column(nameColumn, in: labels)
        return try sliceColumn.map { column in
            let at = try table.column(column, in: labels)
            return (column, Dictionary(table.rows.map { ($0[key], $0[at]) }, uniquingKeysWith: { first, _ in first }))
        }
    }

    /// `slices.json` and, where pages are wanted, `slices.html`; none if no slices are asked for.
    func files(
        _ record: EvaluationRecord, columns: [Column], images: String?, isPaged: Bool, threads: Int
    ) throws -> [(path: String, bytes: [UInt8])] {
        guard !isEmpty else { return [] }
        let names = record.images.map(\.name)
        var parts = columns.flatMap { column in Slice.byValue(column.name, names.map { column.values[$0] }) }
        if slices {
            parts += Slice.byFolder(names)
            if let images {
                let paths = try Dataset.locate(names, in: images)
                let properties = Parallel.map(paths.count, threads: threads) { index in
                    Result { try ImageProperties(Image.read(path: paths[index])) }
                }
                parts += ImageProperties.slices(try properties.map { try $0.get() })
            }
        }
        let table = SliceTable.measure(record, parts)
        for row in table.rows.filter(\.isWeak).prefix(5) {
            Terminal.note(
                "weak: \(row.name), exact match \(Summary.number(row.exactMatch)) of \(row.count)".singleLine)
        }
        let json = ("slices.json", Array((try JSON.text(table) + "\n").utf8))
        guard !table.rows.isEmpty else {
            Terminal.note(
                "--slices: nothing to slice by: all images lie in one folder"
                    + (images == nil ? ", and the pictures' properties need --images" : ""))
            return [json]
        }
        return isPaged ? [("slices.html", SlicePage.html(table, title: record.title)), json] : [json]
    }
}
