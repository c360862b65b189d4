import Foundation

/// A curve in characters.
struct TextChart {
    var points: [(x: Double, y: Double)]
    var xTitle: String
    var yTitle: String
    var width = 60
    var height = 14

    var text: String {
        let finite = points.filter { $0.x.isFinite && $0.y.isFinite }
        guard let first = finite.first else { return "no figures to draw" }
        let (xs, ys) = (finite.map(\.x), finite.map(\.y))
        let (left, right) = (xs.reduce(first.x, min), xs.reduce(first.x, max))
        let (low, high) = (ys.reduce(first.y, min), ys.reduce(first.y, max))
        func cell(_ value: Double, _ from: Double, _ to: Double, _ count: Int) -> Int {
            to > from ? min(count - 1, Int((value - from) / (to - from) * Double(count - 1) + 0.5)) : 0
        }
        var rows = Array(repeating: Array(repeating: Character(" "), count: width), count: height)
        for point in finite {
            rows[height - 1 - cell(point.y, low, high, height)][cell(point.x, left, right, width)] = "•"
        }
        func number(_ value: Double) -> String { String(format: "%.3g", value) }
        let margin = max(number(low).count, number(high).count, yTitle.count)
        var lines = [yTitle]
        for (index, row) in rows.enumerated() {
            let label = index == 0 ? number(high) : index == height - 1 ? number(low) : ""
            lines.append(String(repeating: " ", count: margin - label.count) + label + " │" + String(row))
        }
        lines.append(String(repeating: " ", count: margin + 1) + "└" + String(repeating: "─", count: width))
        let ends = (number(left), number(right))
        let gap = max(2, width - ends.0.count - ends.1.count - xTitle.count)
        lines.append(
            String(repeating: " ", count: margin + 2) + ends.0 + String(repeating: " ", count: gap / 2) + xTitle
                + String(repeating: " ", count: gap - gap / 2) + ends.1)
        return lines.joined(separator: "\n")
    }
}
