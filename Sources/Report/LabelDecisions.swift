import Evaluation

/// Each label's decisions: a 2x2 picture each and, where labels are many, a table of the most wrong ones first.
enum LabelDecisions {
    /// Rows of a table that are shown at once.
    static let shown = 20

    static func html(_ record: EvaluationRecord, _ pictures: inout Pictures) throws -> String {
        let labels = record.perLabel
        let order = labels.indices.sorted { (wrong(labels[$1]), $0) < (wrong(labels[$0]), $1) }
        let grid = try pictures.grid(
            labels.map(\.label), order: order, first: "with the most wrong decisions, those first",
            rest: "their counts are in the table above"
        ) { index, pictures in
            let label = labels[index]
            return try pictures.tag(
                "label-\(index + 1)", LabelMatrixChart.draw(label),
                alt: "\(label.tp) hits, \(label.fn) missed, \(label.fp) false alarms, \(label.tn) rightly not",
                scale: Pictures.chartScale)
        }
        return "<h2>Each label by itself</h2>\n"
            + (labels.count > Pictures.gridShown ? mostWrong(order.map { labels[$0] }) + "\n" : "") + grid
    }

    private static func wrong(_ label: LabelFigures) -> Int { label.fp + label.fn }

    private static func mostWrong(_ labels: [LabelFigures]) -> String {
        let rows = labels.map { label in
            [named(label.label)] + [wrong(label), label.fn, label.fp, label.tp, label.tn].map(String.init)
        }
        return folded(
            "labels, the most wrong first", rows,
            head: ["label", "wrong", "missed", "false alarms", "hits", "rightly not"])
    }

    /// A table whose first rows are in sight and whose others are folded away, where a page's search still finds them.
    static func folded(_ caption: String, _ rows: [[String]], head: [String]) -> String {
        guard rows.count > shown + 10 else { return table(caption: "\(rows.count) \(caption)", head: head, rows: rows) }
        return table(
            caption: "The first \(shown) of \(rows.count) \(caption)", head: head, rows: Array(rows.prefix(shown)))
            + "\n<details><summary>The other \(rows.count - shown)</summary>\n"
            + table(caption: "The other \(caption)", head: head, rows: Array(rows.dropFirst(shown))) + "</details>\n"
    }
}
