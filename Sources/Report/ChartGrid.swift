import Evaluation

extension Pictures {
    /// Charts of single labels that are in sight at once.
    static let gridShown = 12
    /// Charts in each of the folds that hold the others.
    static let gridGroup = 24
    /// The most charts of a grid.
    static let gridLimit = 400

    /// Charts of single labels side by side. Where they are many, the first in `order` are in sight and the others folded
    /// away in groups, whose pictures a browser loads when a group is opened.
    /// - Parameters:
    ///   - order: what is looked at first, by index; all labels once.
    ///   - rest: where the figures behind the charts are, for labels beyond `gridLimit`.
    ///   - picture: the chart of the label at an index.
    mutating func grid(
        _ labels: [String], order: [Int], first: String, rest: String,
        _ picture: (Int, inout Pictures) throws -> String
    ) rethrows -> String {
        func list(_ indices: some Sequence<Int>, _ pictures: inout Pictures) throws -> String {
            let items = try indices.map { index in
                "<li><figure><figcaption>\(named(labels[index]))</figcaption>\(try picture(index, &pictures))</figure></li>"
            }
            return "<ul class=\"matrices\">\n\(items.joined(separator: "\n"))\n</ul>\n"
        }
        guard labels.count > Self.gridShown else { return try list(labels.indices, &self) }
        var text = "<p class=\"soft\">The \(Self.gridShown) labels \(escaped(first)).</p>\n"
        text += try list(order.prefix(Self.gridShown), &self)
        // The others in the order of the labels, where a person looks for one by name.
        let others = order.prefix(Self.gridLimit).dropFirst(Self.gridShown).sorted()
        for begin in stride(from: 0, to: others.count, by: Self.gridGroup) {
            let group = others[begin..<min(begin + Self.gridGroup, others.count)]
            let (start, end) = (labels[group[begin]], labels[group[group.endIndex - 1]])
            text +=
                "<details><summary>\(named(start)) to \(named(end))</summary>\n\(try list(group, &self))</details>\n"
        }
        if labels.count > Self.gridLimit {
            text +=
                "<p class=\"soft\">The charts of \(labels.count - Self.gridLimit) more labels are left out; \(rest).</p>\n"
        }
        return text
    }
}
