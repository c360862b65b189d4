import Evaluation
import Foundation
import Raster

/// What was predicted instead: a row a true label, a column a predicted one, *nothing* last in both.
struct InsteadOfMatrixChart {
    /// Whether a matrix is worth drawing; more than 60 labels are told in a table of the largest cells.
    static func isLegible(_ confusion: ConfusionMatrix) -> Bool { confusion.labels.count <= 61 }

    private let confusion: ConfusionMatrix
    /// The edge of a cell.
    private let side: Double
    /// Room for the names of rows and of columns.
    private let left, top: Double

    /// At the size that suits a desk.
    static func draw(_ confusion: ConfusionMatrix) throws -> Image {
        let count = confusion.labels.count
        let side = count <= 14 ? 58.0 : count <= 30 ? 34 : 18
        return try Self(confusion: confusion, side: side, left: 132, top: 122).draw()
    }

    /// At most `width` wide; nil if the cells would be too small to hold a number.
    static func draw(_ confusion: ConfusionMatrix, within width: Double) throws -> Image? {
        let left = 88.0
        let side = ((width - left) / Double(confusion.labels.count)).rounded(.down)
        guard side >= 22 else { return nil }
        return try Self(confusion: confusion, side: min(side, 58), left: left, top: 96).draw()
    }

    private func draw() throws -> Image {
        let count = confusion.labels.count
        // Names at the top stand upright where cells are narrow, and lean out over the last cell where they are wide.
        let isUpright = side < 40
        let (width, height) = (left + side * Double(count) + (isUpright ? 0 : 16), top + side * Double(count))
        let canvas = try Canvas(width: Int(width * 2), height: Int(height * 2))
        canvas.scale(2, 2)
        canvas.text("predicted", left, 14, size: 12, color: Palette.soft)
        canvas.text("true", left - 8, top - 8, size: 12, color: Palette.soft, alignment: .right)
        for (index, label) in confusion.labels.enumerated() {
            let at = (Double(index) + 0.5) * side
            let color = index == count - 1 ? Palette.soft : Palette.ink
            canvas.text(
                canvas.fitted(label, width: left - 12, size: 12), left - 8, top + at + 4, size: 12, color: color,
                alignment: .right)
            canvas.saved {
                canvas.translate(left + at + 4, top - 8)
                canvas.rotate(isUpright ? -.pi / 2 : -.pi / 3.2)
                canvas.text(canvas.fitted(label, width: top - 28, size: 12), 0, 0, size: 12, color: color)
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
                let text = side < 40 ? Self.short(value) : Self.text(value)
                guard value > 0, canvas.textWidth(text, size: 12) <= side - 3 else { continue }
                canvas.text(
                    text, x + side / 2 - 1, y + side / 2 + 4, size: 12, color: Palette.text(on: share),
                    alignment: .center)
            }
        }
        return canvas.image()
    }

    /// Whole counts plainly, shared ones with two decimals.
    static func text(_ value: Double) -> String {
        value == value.rounded() ? String(Int(value)) : String(format: "%.2f", value)
    }

    /// As `text`, with the one decimal that a narrow cell holds.
    private static func short(_ value: Double) -> String {
        value == value.rounded() ? text(value) : String(format: "%.1f", value)
    }
}
