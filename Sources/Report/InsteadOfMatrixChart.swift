import Evaluation
import Foundation
import Raster

/// What was predicted instead: a row a true label, a column a predicted one, *nothing* last in both.
enum InsteadOfMatrixChart {
    static let largest = 60

    static func draw(_ confusion: ConfusionMatrix) throws -> Image {
        let count = confusion.labels.count
        let side = count <= 14 ? 58.0 : count <= 30 ? 34 : 18
        let shows = side > 30
        let (left, top) = (132.0, 122.0)
        let (width, height) = (left + side * Double(count) + 16, top + side * Double(count) + 16)
        let canvas = try Canvas(width: Int(width * 2), height: Int(height * 2))
        canvas.scale(2, 2)
        canvas.text("predicted", left, 18, size: 12, color: Palette.soft)
        canvas.text("true", 14, top - 8, size: 12, color: Palette.soft)
        for (index, label) in confusion.labels.enumerated() {
            let at = (Double(index) + 0.5) * side
            let name = canvas.fitted(label, width: 104, size: 12)
            let color = index == count - 1 ? Palette.soft : Palette.ink
            canvas.text(name, left - 8, top + at + 4, size: 12, color: color, alignment: .right)
            canvas.saved {
                canvas.translate(left + at + 4, top - 8)
                canvas.rotate(-.pi / 3.2)
                canvas.text(name, 0, 0, size: 12, color: color)
            }
        }
        for (row, values) in confusion.matrix.enumerated() {
            let sum = max(values.reduce(0, +), 1e-12)
            for (column, value) in values.enumerated() {
                let (x, y) = (left + Double(column) * side, top + Double(row) * side)
                canvas.rectangle(x, y, side - 2, side - 2)
                let share = value / sum
                canvas.fill(value == 0 ? Color(hex: 0xF5F7F9) : Palette.heat(share))
                if row == column, row < count - 1 {
                    canvas.rectangle(x + 1, y + 1, side - 4, side - 4)
                    canvas.stroke(Palette.green, width: 1.5)
                }
                guard shows, value > 0 else { continue }
                canvas.text(
                    text(value), x + side / 2 - 1, y + side / 2 + 4, size: 12,
                    color: share > 0.4 ? .white : Palette.ink,
                    alignment: .center)
            }
        }
        return canvas.image()
    }

    /// Whole counts plainly, shared ones with two decimals.
    static func text(_ value: Double) -> String {
        value == value.rounded() ? String(Int(value)) : String(format: "%.2f", value)
    }
}
