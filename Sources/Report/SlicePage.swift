import Evaluation

/// The parts of an evaluation as a page beside the report, which has its style.
public enum SlicePage {
    public static func html(_ slices: SliceTable, title: String) -> [UInt8] {
        let rows = slices.rows.map { row in
            [
                named(row.name), "\(row.count)", figure(row.accuracyMulti), figure(row.exactMatch),
                "\(figure(row.low)) to \(figure(row.high))", row.isWeak ? "yes" : "no",
            ]
        }
        let section = """
            <header><h1>Slices of \(named(title))</h1>
            <p class="lead">\(slices.rows.count) parts of the images, the weakest first. All images: exact match \
            \(figure(slices.exactMatch)).</p></header>
            <p>A part is weak where its interval lies below the exact match of all images. The intervals are exact binomial ones, \
            widened so that all of them hold together in 95 of 100 cases.</p>
            \(table(
                caption: "Parts of the images", head: ["part", "images", "accuracy_multi", "exact match", "interval", "weak"],
                rows: rows))
            """
        return Page.files(title: "\(title) - slices", sections: [section], links: Page.back)[0].bytes
    }
}
