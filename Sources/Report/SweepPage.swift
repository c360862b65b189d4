import Evaluation
import Raster

/// How a model's figures change with one property of the pictures at a time: a page beside the report, which has its style.
public enum SweepPage {
    /// `sweep.html` and `img/sweep-<factor>.png`.
    /// - Throws: `ImageError` if a chart cannot be drawn.
    public static func files(_ sweep: SweepTable, title: String) throws -> [(path: String, bytes: [UInt8])] {
        var pictures = Pictures()
        var sections = [headline(sweep, title)]
        for factor in sweep.factors { sections.append(try section(factor.name, factor.rows, &pictures)) }
        let page = Page.files(title: "\(title) - sweeps", sections: sections, links: Page.back)[0].bytes
        return [("sweep.html", page)] + pictures.files
    }

    private static func headline(_ sweep: SweepTable, _ title: String) -> String {
        """
        <header><h1>Sweeps of \(named(title))</h1>
        <p class="lead">One property of the pictures changes at a time, all else stays as it is: \(sweep.count) images.</p></header>
        <p>The intervals hold the figure, and its change against the unchanged pictures, in 95 of 100 draws of the images, both on \
        the same draw. Where a change's interval leaves out zero, it is more than the choice of images explains; of twenty \
        values that change nothing, one may look so all the same. All is in \
        <a href="\(SweepTable.csvFile)">\(SweepTable.csvFile)</a> and <a href="\(SweepTable.file)">\(SweepTable.file)</a>.</p>
        """
    }

    private static func section(
        _ factor: String, _ rows: [SweepTable.Row], _ pictures: inout Pictures
    ) throws -> String {
        let chart = chart(factor, rows)
        let cells = rows.map { row -> [String] in
            let name = row.value.map { FigureText.of($0) } ?? "as it is"
            return [row.isUnchanged && row.value != nil ? "\(name) (as it is)" : name]
                + ["accuracy_multi", "exact_match", "macro_f1"].flatMap { key -> [String] in
                    let f = row.figures[key]
                    let change =
                        row.isUnchanged
                        ? ""
                        : "\(signed(f?.change))<br/><small>\(interval(f?.changeLow, f?.changeHigh, signed))</small>"
                    return [
                        "\(figure(f?.value))<br/><small>\(interval(f?.low, f?.high, figure))</small>",
                        f?.isChanged == true && !row.isUnchanged ? "<strong>\(change)</strong>" : change,
                    ]
                } + [row.isUnchanged ? "" : "\(row.fixedImages)", row.isUnchanged ? "" : "\(row.brokenImages)"]
        }
        return """
            <h2>\(escaped(name(factor)))</h2>
            \(try pictures.chart(
                "sweep-\(factor)", wide: chart.draw(), narrow: chart.draw(width: Pictures.phoneWidth),
                alt: "accuracy_multi, exact match and macro F1 by \(heading(factor)), with intervals"))
            \(table(
                caption: "Figures by \(heading(factor))",
                head: [factor, "accuracy_multi", "change", "exact match", "change", "macro F1", "change", "images fixed", "broken"],
                rows: cells))
            """
    }

    private static func name(_ factor: String) -> String {
        factor == "jpeg" ? "JPEG quality" : factor.prefix(1).uppercased() + factor.dropFirst()
    }

    private static func heading(_ factor: String) -> String {
        switch factor {
        case "size": "size of the network's input, pixels"
        case "blur": "blur, standard deviation in pixels"
        case "noise": "noise, standard deviation in 256ths"
        case "jpeg": "JPEG quality"
        case "brightness": "brightness, times"
        default: factor
        }
    }

    private static func chart(_ factor: String, _ rows: [SweepTable.Row]) -> LineChart {
        let figures: [(key: String, name: String, color: Color, faint: Color)] = [
            ("accuracy_multi", "accuracy_multi", Palette.blue, Palette.faint),
            ("macro_f1", "macro F1", Palette.orange, Color(hex: 0xF2BD96)),
            ("exact_match", "exact match", Palette.green, Color(hex: 0x99D8C7)),
        ]
        func points(_ key: String) -> [(x: Double, y: Double)] {
            rows.compactMap { row in row.value.flatMap { x in row.figures[key]?.value.map { (x, $0) } } }
        }
        var chart = LineChart(
            title: "Figures by \(name(factor))", xTitle: heading(factor),
            lines: figures.map { .init(name: $0.name, color: $0.color, points: points($0.key), hasDots: true) },
            yRange: 0...1)
        // Side by side, since figures of one value have overlapping intervals.
        chart.bars = figures.enumerated().flatMap { place, figure in
            rows.compactMap { row -> LineChart.Bar? in
                guard let x = row.value, let f = row.figures[figure.key], let low = f.low, let high = f.high else {
                    return nil
                }
                return LineChart.Bar(x: x, low: low, high: high, color: figure.faint, shift: 4 * Double(place - 1))
            }
        }
        if let unchanged = rows.first(where: \.isUnchanged)?.value { chart.mark = (unchanged, "as it is") }
        return chart
    }

    /// From where to where; in words where the draws cannot tell.
    private static func interval(_ low: Double?, _ high: Double?, _ text: (Double?) -> String) -> String {
        low == nil ? "no interval" : "\(text(low))…\(text(high))"
    }
}
