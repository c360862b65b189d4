import Evaluation

/// Each label's decisions: a 2x2 picture each and, where labels are many, a table of the most wrong ones first.
enum LabelDecisions {
    /// Labels whose pictures are shown at once.
    static let group = 24
    /// Rows of a table that are shown at once.
    static let shown = 20

    static func html(_ record: EvaluationRecord, _ pictures: inout Pictures) throws -> String {
        var items: [String] = []
        for (index, label) in record.perLabel.enumerated() {
            let picture = try pictures.tag(
                "label-\(index + 1)", LabelMatrixChart.draw(label),
                alt: "\(label.tp) hits, \(label.fn) missed, \(label.fp) false alarms, \(label.tn) rightly not",
                scale: Pictures.chartScale)
            items.append("<li><figure><figcaption>\(named(label.label))</figcaption>\(picture)</figure></li>")
        }
        let heading = "<h2>Each label by itself</h2>\n"
        guard items.count > group else { return heading + list(items) }
        var text = heading + mostWrong(record)
        for begin in stride(from: 0, to: items.count, by: group) {
            let end = min(begin + group, items.count)
            let (first, last) = (record.perLabel[begin].label, record.perLabel[end - 1].label)
            text +=
                "<details><summary>\(named(first)) to \(named(last))</summary>\n\(list(Array(items[begin..<end])))</details>\n"
        }
        return text
    }

    private static func list(_ items: [String]) -> String {
        "<ul class=\"matrices\">\n\(items.joined(separator: "\n"))\n</ul>"
    }

    private static func mostWrong(_ record: EvaluationRecord) -> String {
        let rows = record.perLabel.sorted { ($1.fp + $1.fn, $0.label) < ($0.fp + $0.fn, $1.label) }.map { label in
            [named(label.label)] + [label.fp + label.fn, label.fn, label.fp, label.tp, label.tn].map(String.init)
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
