import Evaluation
import Raster

/// One 2x2 matrix a label, as a sheet of small squares; long lists take several sheets.
enum LabelMatricesChart {
    static let columns = 4
    static let rowsPerSheet = 10
    private static let cell = (width: 176.0, height: 168.0)

    static func draw(_ record: EvaluationRecord) throws -> [Image] {
        let perSheet = columns * rowsPerSheet
        return try Swift.stride(from: 0, to: record.perLabel.count, by: perSheet).map { first in
            try sheet(Array(record.perLabel[first..<min(first + perSheet, record.perLabel.count)]))
        }
    }

    private static func sheet(_ labels: [LabelFigures]) throws -> Image {
        let rows = (labels.count + columns - 1) / columns
        let width = Int(cell.width) * min(columns, labels.count)
        let canvas = try Canvas(width: width * 2, height: Int(cell.height) * rows * 2)
        canvas.scale(2, 2)
        for (index, label) in labels.enumerated() {
            canvas.saved {
                canvas.translate(Double(index % columns) * cell.width, Double(index / columns) * cell.height)
                matrix(canvas, label)
            }
        }
        return canvas.image()
    }

    private static func matrix(_ canvas: Canvas, _ label: LabelFigures) {
        canvas.text(
            canvas.fitted(label.label, width: 160, size: 13, bold: true), 8, 20, size: 13, color: Palette.ink,
            bold: true)
        let side = (width: 66.0, height: 48.0)
        let cells = [
            (label.tp, "hit", true), (label.fn, "missed", true), (label.fp, "false alarm", false),
            (label.tn, "rightly not", false),
        ]
        for (index, (count, name, isPositive)) in cells.enumerated() {
            let (x, y) = (30 + Double(index % 2) * (side.width + 4), 40 + Double(index / 2) * (side.height + 4))
            let whole = isPositive ? label.tp + label.fn : label.fp + label.tn
            let share = whole == 0 ? 0 : Double(count) / Double(whole)
            canvas.rectangle(x, y, side.width, side.height)
            canvas.fill(Palette.heat(share))
            let color = share > 0.45 ? Color.white : Palette.ink
            canvas.text("\(count)", x + side.width / 2, y + 24, size: 16, color: color, alignment: .center, bold: true)
            canvas.text(name, x + side.width / 2, y + 40, size: 10.5, color: color, alignment: .center)
        }
        canvas.text("predicted", 64, 35, size: 10, color: Palette.soft, alignment: .center)
        canvas.text("not", 133, 35, size: 10, color: Palette.soft, alignment: .center)
        canvas.text("is", 24, 68, size: 10, color: Palette.soft, alignment: .right)
        canvas.text("isn't", 26, 120, size: 10, color: Palette.soft, alignment: .right)
    }
}
