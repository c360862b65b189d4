import Evaluation
import Raster

/// One label's 2x2 matrix, small enough that two stand side by side on a phone.
enum LabelMatrixChart {
    static let width = 156
    static let height = 124

    static func draw(_ label: LabelFigures) throws -> Image {
        let canvas = try Canvas(width: width * 2, height: height * 2)
        canvas.scale(2, 2)
        let side = (width: 68.0, height: 50.0)
        let cells = [
            (label.tp, "hit", true), (label.fn, "missed", true), (label.fp, "false alarm", false),
            (label.tn, "rightly not", false),
        ]
        for (index, (count, name, isPositive)) in cells.enumerated() {
            let (x, y) = (17 + Double(index % 2) * (side.width + 3), 19 + Double(index / 2) * (side.height + 3))
            let whole = isPositive ? label.tp + label.fn : label.fp + label.tn
            let share = whole == 0 ? 0 : Double(count) / Double(whole)
            canvas.rectangle(x, y, side.width, side.height)
            canvas.fill(Palette.heat(share))
            let color = Palette.text(on: share)
            canvas.text("\(count)", x + side.width / 2, y + 24, size: 16, color: color, alignment: .center, bold: true)
            canvas.text(name, x + side.width / 2, y + 41, size: 11, color: color, alignment: .center)
        }
        for (index, name) in ["predicted", "not"].enumerated() {
            canvas.text(name, 51 + Double(index) * 71, 13, size: 11, color: Palette.soft, alignment: .center)
        }
        for (index, name) in ["is", "is not"].enumerated() {
            canvas.saved {
                canvas.translate(12, 44 + Double(index) * 53)
                canvas.rotate(-.pi / 2)
                canvas.text(name, 0, 0, size: 11, color: Palette.soft, alignment: .center)
            }
        }
        return canvas.image()
    }
}
